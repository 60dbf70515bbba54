/** @param {SSEOptions} options */
export function complete(options: SSEOptions): {
    lastEventId?: string | number;
    pollUrl?: string;
    commandUrl?: string;
    user?: string | number;
    headers?: Record<string, string>;
    token?: string | (() => string | Promise<string>);
    helloSeconds: number;
    silenceFactor: number;
    stableSeconds: number;
    failuresBeforePolling: number;
    probeSeconds: number;
    csrfToken: () => string;
    EventSource: typeof globalThis.EventSource;
    fetch: typeof globalThis.fetch;
    timers: import("./SSEUtils.js").Timers;
    random?: () => number;
    locks: LockManager;
    BroadcastChannel: typeof globalThis.BroadcastChannel;
};
/**
 * Whether this browser can share a stream between tabs, and is asked to.
 *
 * @param {SSEOptions} options
 * @param {string} url
 */
export function shares({ user, locks, BroadcastChannel }: SSEOptions, url: string): boolean;
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
