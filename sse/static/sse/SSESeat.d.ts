/**
 * Create a claim to lead.
 *
 * @param {{
 *   locks: LockManager,
 *   timers: import("./SSEUtils.js").Timers,
 *   firstSeconds: number,
 *   random?: () => number,
 *   lead: () => () => void
 * }} options `lead` begins to lead and returns its undo; `firstSeconds`: how soon a leader gives its first sign
 */
export function createSeat({ locks, timers, firstSeconds, random, lead }: {
    locks: LockManager;
    timers: import("./SSEUtils.js").Timers;
    firstSeconds: number;
    random?: () => number;
    lead: () => () => void;
}): {
    expect: (seconds: number) => void;
    /** Whether this tab leads. */
    isTaken: () => boolean;
    /** Wait in turn for the lock of this name. @param {string} lock */
    claim(lock: string): void;
    /** Look now whether the leader's sign is overdue: timers may have stood still. */
    check(): void;
    /** Give up lock and claim. @param {boolean} [suspended] whether all of this page do so */
    leave(suspended?: boolean): void;
};
