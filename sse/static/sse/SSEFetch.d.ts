/** @typedef {{status: number, type: string, after: number}} Answer */
/**
 * Return `fetch` with these headers, and a token asked for anew for each request.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {{headers?: Record<string, string>, token?: string | (() => string | Promise<string>)}} credentials
 * @returns {typeof globalThis.fetch}
 */
export function signed(fetch: typeof globalThis.fetch, { headers, token }: {
    headers?: Record<string, string>;
    token?: string | (() => string | Promise<string>);
}): typeof globalThis.fetch;
/**
 * Create a class that stands in for EventSource.
 *
 * @param {{fetch: typeof globalThis.fetch, now: () => number}} options
 */
export function createEventSource({ fetch, now }: {
    fetch: typeof globalThis.fetch;
    now: () => number;
}): {
    new (url: string): {
        "__#private@#abort": AbortController;
        readyState: number;
        /** What the server answered, where that was no stream. @type {Answer | null} */
        answer: Answer | null;
        /** What the server's `retry` field asked for, in milliseconds. */
        retry: number;
        url: string;
        close(): void;
        "__#private@#run"(): Promise<void>;
        "__#private@#read"(): Promise<void>;
        addEventListener(type: string, callback: EventListenerOrEventListenerObject | null, options?: AddEventListenerOptions | boolean): void;
        dispatchEvent(event: Event): boolean;
        removeEventListener(type: string, callback: EventListenerOrEventListenerObject | null, options?: EventListenerOptions | boolean): void;
    };
};
export type Answer = {
    status: number;
    type: string;
    after: number;
};
