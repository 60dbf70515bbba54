/**
 * Start to poll `url`; `cursor` is asked before each request, so the loop follows whoever else delivers events.
 *
 * @param {string} url
 * @param {PollingOptions} options
 * @returns {() => void} stop
 */
export function startPolling(url: string, options: PollingOptions): () => void;
export type CloseReason = import("./SSEStates.js").CloseReason;
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
export type Answer = {
    events: SSEMessage[];
    cursor: string | number;
    final: boolean;
    more?: boolean;
    reset?: SSEMessage | null;
};
/**
 * `plain`: never wait for news, ask every ten seconds.
 */
export type PollingOptions = {
    fetch: typeof globalThis.fetch;
    timers: import("./SSEUtils.js").Timers;
    cursor: () => string;
    onAnswer: (answer: Answer) => void;
    onTrouble: (retryAt: number) => void;
    onStop: (reason: CloseReason) => void;
    plain?: boolean;
};
