/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEStates.js").ConnectionState} ConnectionState */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSEEventManager.js").Handler} Handler */
/** @typedef {import("./SSEOptions.js").SSEOptions} SSEOptions */
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
     * Resolves when events can arrive, by stream or by polling; rejects with `SSEClosed` when it is over before that.
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
     * @param {string} event @param {Handler} handler
     */
    on(event: string, handler: Handler): () => void;
    /** @param {string} event @param {Handler} handler */
    off(event: string, handler: Handler): void;
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
export type Handler = import("./SSEEventManager.js").Handler;
export type SSEOptions = import("./SSEOptions.js").SSEOptions;
