/** What a connection can be told, what it does where it is told nothing, and what its requests are made with. */

import { topicsOf } from "./SSECursor.js";
import { cookie, realTimers } from "./SSEUtils.js";

/**
 * @typedef {{
 *   lastEventId?: string | number | undefined,
 *   pollUrl?: string | undefined,
 *   commandUrl?: string | undefined,
 *   user?: string | number | undefined,
 *   headers?: Record<string, string> | undefined,
 *   token?: string | (() => string | Promise<string>) | undefined,
 *   helloSeconds?: number | undefined,
 *   silenceFactor?: number | undefined,
 *   stableSeconds?: number | undefined,
 *   failuresBeforePolling?: number | undefined,
 *   probeSeconds?: number | undefined,
 *   csrfToken?: (() => string) | undefined,
 *   EventSource?: typeof globalThis.EventSource | undefined,
 *   fetch?: typeof globalThis.fetch | undefined,
 *   timers?: import("./SSEUtils.js").Timers | undefined,
 *   random?: (() => number) | undefined,
 *   locks?: LockManager | null | undefined,
 *   BroadcastChannel?: typeof globalThis.BroadcastChannel | undefined
 * }} SSEOptions
 *   `lastEventId`: the cursor to begin after.
 *   `pollUrl`: where the same events can be fetched; without it there is no fallback.
 *   `commandUrl`: where `send` posts to.
 *   `user`: who is signed in. All tabs of this user share one stream; without it each has its own.
 *   `headers`, `token`: sent with each request; streams then come by `fetch`. `token` may be a function, asked each time.
 *   `stableSeconds`: after a stream that lived so long the waits begin at one second again.
 *   `probeSeconds`: how often the stream is tried while polling.
 */

/** @typedef {{fetch: typeof globalThis.fetch, EventSource: typeof globalThis.EventSource}} Means what requests are made with */

const DEFAULTS = {
  helloSeconds: 8,
  silenceFactor: 2.5,
  stableSeconds: 10,
  failuresBeforePolling: 3,
  probeSeconds: 60,
  timers: realTimers,
  csrfToken: () => cookie("csrftoken"),
};

/** @param {SSEOptions} options */
export function complete(options) {
  const { fetch, EventSource, BroadcastChannel, navigator } = globalThis;
  const found = { fetch: fetch?.bind(globalThis), EventSource, BroadcastChannel, locks: navigator?.locks };
  const all = { ...DEFAULTS, ...found };
  // Left undefined is not given.
  for (const [name, value] of Object.entries(options)) if (value !== undefined) Object.assign(all, { [name]: value });
  return /** @type {SSEOptions & typeof all} */ (all);
}

/**
 * Whether this browser can share a stream between tabs, and is asked to.
 *
 * @param {SSEOptions} options
 * @param {string} url
 */
export function shares({ user, locks, BroadcastChannel }, url) {
  return Boolean(user && locks && BroadcastChannel && topicsOf(url).length);
}

/**
 * Whether the browser's own EventSource will do: it sends no headers, and Node and service workers have none.
 *
 * @param {SSEOptions} options
 */
export function isPlain({ headers, token, EventSource }) {
  return Boolean(EventSource && !headers && !token);
}

/**
 * The browser's own ways, or those that send headers.
 *
 * @param {ReturnType<typeof complete>} options
 * @returns {Promise<Means>}
 */
export async function meansOf(options) {
  if (isPlain(options)) return options;
  const { headers, token, fetch, timers } = options;
  const { createEventSource, signed } = await import("./SSEFetch.js");
  const withHeaders = signed(fetch, { headers, token });
  const EventSource = /** @type {any} */ (createEventSource({ fetch: withHeaders, now: timers.now }));
  return { fetch: withHeaders, EventSource };
}
