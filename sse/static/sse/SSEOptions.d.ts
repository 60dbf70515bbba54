/** @param {SSEOptions} options */
export function complete(options: SSEOptions): SSEOptions & {
    fetch: typeof fetch;
    EventSource: {
        new (url: string | URL, eventSourceInitDict?: EventSourceInit): EventSource;
        prototype: EventSource;
        readonly CONNECTING: 0;
        readonly OPEN: 1;
        readonly CLOSED: 2;
    };
    BroadcastChannel: {
        new (name: string): BroadcastChannel;
        prototype: BroadcastChannel;
    };
    locks: LockManager;
    helloSeconds: number;
    silenceFactor: number;
    stableSeconds: number;
    failuresBeforePolling: number;
    probeSeconds: number;
    timers: import("./SSEUtils.js").Timers;
    csrfToken: () => string;
};
/**
 * Whether this browser can share a stream between tabs, and is asked to.
 *
 * @param {SSEOptions} options
 * @param {string} url
 */
export function shares({ user, locks, BroadcastChannel }: SSEOptions, url: string): boolean;
/**
 * Whether the browser's own EventSource will do: it sends no headers, and Node and service workers have none.
 *
 * @param {SSEOptions} options
 */
export function isPlain({ headers, token, EventSource }: SSEOptions): boolean;
/**
 * The browser's own ways, or those that send headers.
 *
 * @param {ReturnType<typeof complete>} options
 * @returns {Promise<Means>}
 */
export function meansOf(options: ReturnType<typeof complete>): Promise<Means>;
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
    lastEventId?: string | number | undefined;
    pollUrl?: string | undefined;
    commandUrl?: string | undefined;
    user?: string | number | undefined;
    headers?: Record<string, string> | undefined;
    token?: string | (() => string | Promise<string>) | undefined;
    helloSeconds?: number | undefined;
    silenceFactor?: number | undefined;
    stableSeconds?: number | undefined;
    failuresBeforePolling?: number | undefined;
    probeSeconds?: number | undefined;
    csrfToken?: (() => string) | undefined;
    EventSource?: typeof globalThis.EventSource | undefined;
    fetch?: typeof globalThis.fetch | undefined;
    timers?: import("./SSEUtils.js").Timers | undefined;
    random?: (() => number) | undefined;
    locks?: LockManager | null | undefined;
    BroadcastChannel?: typeof globalThis.BroadcastChannel | undefined;
};
/**
 * what requests are made with
 */
export type Means = {
    fetch: typeof globalThis.fetch;
    EventSource: typeof globalThis.EventSource;
};
