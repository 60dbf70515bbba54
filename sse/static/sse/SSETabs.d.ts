/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSELeader.js").Word} Word */
/**
 * @typedef {import("./SSETransport.js").TransportOptions & {
 *   user?: string | number, locks?: LockManager, BroadcastChannel?: typeof globalThis.BroadcastChannel
 * }} SharedOptions
 */
/**
 * Take part; the same to its caller as `startTransport`.
 *
 * @param {() => string} address
 * @param {SharedOptions} options `user`, `locks` and `BroadcastChannel` are there
 */
export function startShared(address: () => string, options: SharedOptions): {
    stop: () => void;
    resume(): boolean;
};
export type CloseReason = import("./SSEStates.js").CloseReason;
export type Word = import("./SSELeader.js").Word;
export type SharedOptions = import("./SSETransport.js").TransportOptions & {
    user?: string | number;
    locks?: LockManager;
    BroadcastChannel?: typeof globalThis.BroadcastChannel;
};
