/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEStates.js").ConnectionState} ConnectionState */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSEMessageTypes.js").NumberedName} NumberedName */
/** @typedef {import("./SSEMessageTypes.js").EventName} EventName */
/** @typedef {import("./SSEOptions.js").SSEOptions} SSEOptions */
/**
 * What a handler is told, by the name that it is registered for.
 *
 * @typedef {{[name in NumberedName]: import("./SSEMessageTypes.js").SSEEvent} &
 *   {[name in Exclude<EventName, NumberedName>]: SSEMessage} & {state: import("./SSEStates.js").StateChange}} Told
 */
export class SSEConnection {
    /** @param {string} url @param {SSEOptions} [options] */
    constructor(url: string, options?: SSEOptions);
    /** @returns {ConnectionState} */
    get state(): ConnectionState;
    /** The position of the last event that was delivered, as the server names it. */
    get cursor(): string;
    /** How many frames were not what they should be; each was passed over. */
    get brokenFrames(): number;
    /**
     * Connect, and stay connected until `disconnect` or until the server says that it is over.
     *
     * Resolves when events can arrive, by stream or by polling, and when all was told already; rejects with `SSEClosed`
     * when it is over for another reason before that.
     *
     * @returns {Promise<void>}
     */
    connect(): Promise<void>;
    /** Close it. Nothing more is delivered; `connect` goes on from the same place. */
    disconnect(): void;
    /** Drop what there is and connect afresh, from the same place. @returns {Promise<void>} */
    reconnect(): Promise<void>;
    /** Whether events arrive, by stream or by polling. */
    isConnected(): boolean;
    /**
     * Call `handler` for each such event: one of the wire's, or `state` for the connection's own changes. Returns its undo.
     *
     * @template {keyof Told} Name
     * @param {Name} event @param {(data: Told[Name]) => void} handler
     */
    on<Name extends keyof Told>(event: Name, handler: (data: Told[Name]) => void): () => void;
    /** @template {keyof Told} Name @param {Name} event @param {(data: Told[Name]) => void} handler */
    off<Name extends keyof Told>(event: Name, handler: (data: Told[Name]) => void): void;
    /**
     * Post a message to `options.commandUrl`: streams carry events one way only.
     *
     * @param {Record<string, unknown>} message
     * @returns {Promise<Response>}
     */
    send(message: Record<string, unknown>): Promise<Response>;
    #private;
}
export type CloseReason = import("./SSEStates.js").CloseReason;
export type ConnectionState = import("./SSEStates.js").ConnectionState;
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
export type NumberedName = import("./SSEMessageTypes.js").NumberedName;
export type EventName = import("./SSEMessageTypes.js").EventName;
export type SSEOptions = import("./SSEOptions.js").SSEOptions;
/**
 * What a handler is told, by the name that it is registered for.
 */
export type Told = { [name in NumberedName]: import("./SSEMessageTypes.js").SSEEvent; } & { [name in Exclude<EventName, NumberedName>]: SSEMessage; } & {
    state: import("./SSEStates.js").StateChange;
};
