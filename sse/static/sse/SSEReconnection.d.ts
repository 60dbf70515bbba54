/**
 * Waits of 1, 2, 4, 8 … at most 30 s, each a quarter longer or shorter by chance, so that a thousand readers whose
 * server went away do not come back in one instant.
 *
 * @param {{random?: (() => number) | undefined}} [options]
 */
export function createBackoff({ random }?: {
    random?: (() => number) | undefined;
}): {
    readonly attempts: number;
    /** Count one more failure and return how long to wait after it, in milliseconds. */
    next(): number;
    reset(): void;
};
/**
 * What a refusal means for the next attempt: over for good, not by streaming for now, or simply later.
 *
 * @typedef {{then: "stop", reason: CloseReason} | {then: "fall back" | "retry", after: number}} Verdict
 */
/**
 * What the server said in place of a stream: its status (0: the network, not the server), its content type, and how many
 * milliseconds it asks to wait.
 *
 * @typedef {{status: number, type: string, after: number}} Answer
 */
/**
 * Judge the answer that an EventSource could not show.
 *
 * "Any other HTTP response code or Content-Type … will cause the user agent to fail the connection": after that a
 * browser never tries again, and never says why.
 *
 * @param {Answer} answer
 * @param {boolean} canPoll
 * @returns {Verdict}
 */
export function judge({ status, type, after }: Answer, canPoll: boolean): Verdict;
/**
 * Ask by `fetch` what the stream's address answers, and hang up at once.
 *
 * @param {string} url
 * @param {{fetch: typeof globalThis.fetch, timers: Timers, seconds?: number}} options
 */
export function probe(url: string, { fetch, timers, seconds }: {
    fetch: typeof globalThis.fetch;
    timers: Timers;
    seconds?: number;
}): Promise<{
    status: number;
    type: string;
    after: number;
}>;
/**
 * Call `handler` when the page is looked at again, or comes back from the cache, from sleep or online: timers may have
 * stood still.
 *
 * @param {() => void} handler
 * @param {Timers} timers
 * @param {() => void} [suspend] called when the page is stored or frozen
 * @returns {() => void} its undo
 */
export function onWake(handler: () => void, timers: Timers, suspend?: () => void): () => void;
/**
 * What a refusal means for the next attempt: over for good, not by streaming for now, or simply later.
 */
export type Verdict = {
    then: "stop";
    reason: CloseReason;
} | {
    then: "fall back" | "retry";
    after: number;
};
/**
 * What the server said in place of a stream: its status (0: the network, not the server), its content type, and how many
 * milliseconds it asks to wait.
 */
export type Answer = {
    status: number;
    type: string;
    after: number;
};
export type CloseReason = import("./SSEStates.js").CloseReason;
export type Timers = import("./SSEUtils.js").Timers;
