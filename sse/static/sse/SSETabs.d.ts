/**
 * Take part; the same to its caller as `startTransport`.
 *
 * @param {() => string} ownAddress
 * @param {SharedOptions} options `user`, `locks` and `BroadcastChannel` are there
 */
export function startShared(ownAddress: () => string, options: SharedOptions): {
    stop: () => void;
    /** A number is missing: ask again from the cursor. */
    resume(): boolean;
};
export type CloseReason = import("./SSEStates.js").CloseReason;
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
export type Positions = import("./SSECursor.js").Positions;
export type Standing = {
    state: "live" | "reconnecting" | "polling" | "connecting";
    retryAt?: number;
};
/**
 * What tabs say to each other. `join` goes to the leader, `leave` and `here` too; all else comes from it.
 */
export type Word = ({
    do: "join";
    id: string;
    topics: string[];
    at: Positions;
} | {
    do: "here" | "leave";
    id: string;
    topics: string[];
} | {
    do: "who";
    fresh: boolean;
} | {
    do: "apart";
    topics: string[];
} | {
    do: "event";
    event: SSEMessage;
} | {
    do: "state";
    standing: Standing;
    topics: string[];
    known: Positions;
    seconds: number;
} | {
    do: "end";
    topics: string[];
    reason: CloseReason;
    known: Positions;
});
export type SharedOptions = import("./SSETransport.js").TransportOptions & {
    user?: string | number;
    locks?: LockManager;
    BroadcastChannel?: typeof globalThis.BroadcastChannel;
};
