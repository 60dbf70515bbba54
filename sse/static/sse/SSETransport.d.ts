/**
 * Start at once.
 *
 * @param {() => string} address asked before each attempt; it carries the cursor
 * @param {TransportOptions} options
 */
export function startTransport(address: () => string, options: TransportOptions): {
    stop: () => void;
    /** Drop the stream and ask again from the cursor; returns whether there was one to drop. */
    resume(): boolean;
};
export type CloseReason = import("./SSEStates.js").CloseReason;
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
/**
 * What a way to poll is told; `plain`: to wait for no news.
 */
export type Polling = {
    onStop: (reason: CloseReason) => void;
    plain?: boolean;
};
/**
 * `cursor`: where the reader stands. `onEnd` is called at most once, and never after `stop`.
 * `poll` begins to poll, tells what it finds by itself, and returns what ends it; without it there is no fallback.
 * `strict`: whether to believe a 404, even where polling might know better.
 */
export type TransportOptions = {
    poll?: (polling: Polling) => () => void;
    strict?: () => boolean;
    helloSeconds: number;
    silenceFactor: number;
    stableSeconds: number;
    failuresBeforePolling: number;
    probeSeconds: number;
    EventSource: typeof globalThis.EventSource;
    fetch: typeof globalThis.fetch;
    timers: import("./SSEUtils.js").Timers;
    random?: () => number;
    cursor: () => string;
    onEvent: (event: SSEMessage, id: string) => void;
    onBroken: () => void;
    onState: (state: "live" | "polling" | "reconnecting", retryAt?: number) => void;
    onEnd: (reason: CloseReason) => void;
};
