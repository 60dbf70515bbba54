/**
 * Listen.
 *
 * @param {import("./SSELeader.js").Tab} tab
 * @param {{
 *   leads: () => boolean, expect: (seconds: number) => void, join: () => void, goApart: () => void,
 *   end: (reason: CloseReason) => void
 * }} ways `expect`: the leader's next sign is due in so many seconds; `join`: tell the leader where this tab stands
 */
export function createFollower(tab: import("./SSELeader.js").Tab, { leads, expect, join, goApart, end }: {
    leads: () => boolean;
    expect: (seconds: number) => void;
    join: () => void;
    goApart: () => void;
    end: (reason: CloseReason) => void;
}): {
    /** @param {Word} word */
    hear(word: Word): void;
    isPolling: () => boolean;
    /** Poll no more. */
    stop: () => void;
};
export type CloseReason = import("./SSEStates.js").CloseReason;
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
export type Positions = import("./SSECursor.js").Positions;
export type Word = import("./SSELeader.js").Word;
