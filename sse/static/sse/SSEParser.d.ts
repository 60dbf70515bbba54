/** Reads an event stream as the HTML standard says (section 9.2.6), in pieces of any size. */
/** @typedef {{event: string, data: string, lastEventId: string}} ParsedEvent */
/**
 * Create a parser; `feed` it text as TextDecoder makes it of UTF-8, without the byte order mark that may come first.
 *
 * What has no empty line after it when the stream ends is never told: the standard discards it.
 *
 * @param {{onEvent: (event: ParsedEvent) => void, onRetry?: (milliseconds: number) => void}} options
 */
export function createParser({ onEvent, onRetry }: {
    onEvent: (event: ParsedEvent) => void;
    onRetry?: (milliseconds: number) => void;
}): {
    /** @param {string} text */
    feed(text: string): void;
};
export type ParsedEvent = {
    event: string;
    data: string;
    lastEventId: string;
};
