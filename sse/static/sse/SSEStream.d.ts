/**
 * Open a stream.
 *
 * @param {string} url
 * @param {{
 *   EventSource: typeof globalThis.EventSource,
 *   timers: import("./SSEUtils.js").Timers,
 *   helloSeconds: number,
 *   silenceFactor: number,
 *   onEvent: (event: SSEMessage, id: string) => void,
 *   onBroken: () => void,
 *   onLost: (loss: Loss, source: Source) => void
 * }} options `onLost` is called at most once, and never after `close`
 */
export function openStream(url: string, { EventSource, timers, helloSeconds, silenceFactor, onEvent, onBroken, onLost }: {
    EventSource: typeof globalThis.EventSource;
    timers: import("./SSEUtils.js").Timers;
    helloSeconds: number;
    silenceFactor: number;
    onEvent: (event: SSEMessage, id: string) => void;
    onBroken: () => void;
    onLost: (loss: Loss, source: Source) => void;
}): {
    close: () => void;
    /** Look now whether it still lives: after a sleep timers are late, and a page's cache closes streams unasked. */
    check(): void;
};
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
/**
 * How it was lost: the connection broke; the server refused (which status, EventSource does not say); no `hello` came,
 * as behind a proxy that buffers; or it fell silent.
 */
export type Loss = "broken" | "refused" | "no hello" | "silent";
/**
 * What a source that is not the browser's own knows beside: what the server answered, and how long it asks to wait.
 */
export type Source = EventSource & {
    answer?: import("./SSEReconnection.js").Answer | null;
    retry?: number;
};
