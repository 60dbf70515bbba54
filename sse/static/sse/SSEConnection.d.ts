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
     * Call `handler` for each such event: one of the wire's, or `state` for the connection's own changes.
     *
     * @param {string} event
     * @param {Handler} handler
     * @returns {() => void} its undo
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
/**
 * `lastEventId`: the cursor to begin after.
 * `pollUrl`: where the same events can be fetched; without it there is no fallback.
 * `commandUrl`: where `send` posts to.
 * `user`: who is signed in. All tabs of this user share one stream; without it each has its own.
 * `headers`, `token`: sent with each request; streams then come by `fetch`. `token` may be a function, asked each time.
 * `stableSeconds`: after a stream that lived so long the waits begin at one second again.
 * `probeSeconds`: how often the stream is tried while polling.
 */
export type SSEOptions = {
    lastEventId?: string | number;
    pollUrl?: string;
    commandUrl?: string;
    user?: string | number;
    headers?: Record<string, string>;
    token?: string | (() => string | Promise<string>);
    helloSeconds?: number;
    silenceFactor?: number;
    stableSeconds?: number;
    failuresBeforePolling?: number;
    probeSeconds?: number;
    csrfToken?: () => string;
    EventSource?: typeof globalThis.EventSource;
    fetch?: typeof globalThis.fetch;
    timers?: import("./SSEUtils.js").Timers;
    random?: () => number;
    locks?: LockManager;
    BroadcastChannel?: typeof globalThis.BroadcastChannel;
};
/**
 * what requests are made with
 */
export type Means = {
    fetch: typeof globalThis.fetch;
    EventSource?: typeof globalThis.EventSource;
};
