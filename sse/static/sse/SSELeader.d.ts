/**
 * Begin to lead.
 *
 * @param {Tab} tab the one that leads
 * @param {(word: Word) => void} hear reaches itself, as `tab.say` does the others
 */
export function startLeader({ id, url, shared, options, position, say }: Tab, hear: (word: Word) => void): {
    admit: ({ id: name, topics, at }: Extract<Word, {
        do: "join";
    }>) => void;
    /** @param {Word} word one that is for the leader */
    hear(word: Word): void;
    stop(): void;
};
export type CloseReason = import("./SSEStates.js").CloseReason;
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
export type Positions = import("./SSECursor.js").Positions;
export type Standing = {
    state: "live" | "reconnecting" | "polling" | "connecting";
    retryAt?: number;
};
/**
 * What tabs say to each other. `join`, `here` and `leave` are for the leader; all else comes from it.
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
/**
 * What every tab keeps, so that any can lead: its own topics that are not over, what the leader streams, the last number
 * that was told of each topic, how the stream stands, and how often its server gives a sign.
 */
export type Shared = {
    left: string[];
    streamed: Set<string>;
    known: Map<string, number>;
    standing: Standing;
    heartbeatSeconds: number;
};
/**
 * A tab that takes part: `own` are its topics, `position` where it stands in them; `say` reaches the other tabs.
 */
export type Tab = {
    id: string;
    url: string;
    own: string[];
    shared: Shared;
    options: import("./SSETransport.js").TransportOptions;
    position: () => Positions;
    say: (word: Word) => void;
};
