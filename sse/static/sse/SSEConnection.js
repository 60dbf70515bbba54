/**
 * A connection to a stream of numbered events that looks after itself.
 *
 * It reconnects from its cursor, drops what it has seen, notices holes and silence, polls where streams cannot be had,
 * and comes back to streaming later.
 */

import { readCursor, topicsOf } from "./SSECursor.js";
import { createEventManager, createPositions } from "./SSEEventManager.js";
import { NUMBERED } from "./SSEMessageTypes.js";
import { startPolling } from "./SSEPolling.js";
import { createBackoff } from "./SSEReconnection.js";
import { SSEClosed } from "./SSEStates.js";
import { startTransport } from "./SSETransport.js";
import { cookie, createAlarm, deferred, realTimers, withQuery } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEStates.js").ConnectionState} ConnectionState */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSEEventManager.js").Handler} Handler */

/**
 * @typedef {{
 *   lastEventId?: string | number,
 *   pollUrl?: string,
 *   commandUrl?: string,
 *   user?: string | number,
 *   headers?: Record<string, string>,
 *   token?: string | (() => string | Promise<string>),
 *   helloSeconds?: number,
 *   silenceFactor?: number,
 *   stableSeconds?: number,
 *   failuresBeforePolling?: number,
 *   probeSeconds?: number,
 *   csrfToken?: () => string,
 *   EventSource?: typeof globalThis.EventSource,
 *   fetch?: typeof globalThis.fetch,
 *   timers?: import("./SSEUtils.js").Timers,
 *   random?: () => number,
 *   locks?: LockManager,
 *   BroadcastChannel?: typeof globalThis.BroadcastChannel
 * }} SSEOptions
 *   `lastEventId`: the cursor to begin after.
 *   `pollUrl`: where the same events can be fetched; without it there is no fallback.
 *   `commandUrl`: where `send` posts to.
 *   `user`: who is signed in. All tabs of this user share one stream; without it each has its own.
 *   `headers`, `token`: sent with each request; streams then come by `fetch`. `token` may be a function, asked each time.
 *   `stableSeconds`: after a stream that lived so long the waits begin at one second again.
 *   `probeSeconds`: how often the stream is tried while polling.
 */

/** @typedef {{fetch: typeof globalThis.fetch, EventSource?: typeof globalThis.EventSource}} Means what requests are made with */

const DEFAULTS = {
  helloSeconds: 8,
  silenceFactor: 2.5,
  stableSeconds: 10,
  failuresBeforePolling: 3,
  probeSeconds: 60,
  timers: realTimers,
  csrfToken: () => cookie("csrftoken"),
};

export class SSEConnection {
  #url;
  #options;
  #cursor;
  #handlers = createEventManager();
  #positions = createPositions();
  /** @type {ConnectionState} */
  #state = "idle";
  /** @type {ReturnType<typeof deferred> | null} */
  #opening = null;
  /** @type {ReturnType<typeof startTransport> | null} */
  #transport = null;
  /** A hole that was met before: asking again did not fill it. */
  #knownGap = "";
  #brokenFrames = 0;
  #retry;

  /** @param {string} url @param {SSEOptions} [options] */
  constructor(url, options = {}) {
    const { fetch, EventSource, BroadcastChannel, navigator } = globalThis;
    const found = { fetch: fetch?.bind(globalThis), EventSource, BroadcastChannel, locks: navigator?.locks };
    this.#url = url;
    this.#options = { ...DEFAULTS, ...found, ...options };
    this.#cursor = String(options.lastEventId ?? "");
    this.#retry = createAlarm(this.#options.timers);
    const topics = topicsOf(url);
    const begun = readCursor(this.#cursor, topics);
    // What a cursor does not name is sent from its beginning.
    for (const topic of topics) this.#positions.move(topic, begun[topic] ?? 0);
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state;
  }

  /** The position of the last event that was delivered, as the server names it. */
  get cursor() {
    return this.#cursor;
  }

  /** How many frames were not what they should be; each was passed over. */
  get brokenFrames() {
    return this.#brokenFrames;
  }

  /**
   * Connect, and stay connected until `disconnect` or until the server says that it is over.
   *
   * Resolves when events can arrive, by stream or by polling; rejects with `SSEClosed` when it is over before that.
   *
   * @returns {Promise<void>}
   */
  connect() {
    if (this.#opening) return this.#opening.promise;
    this.#opening = deferred();
    const { promise } = this.#opening;
    // Whoever listens to "state" need not look at the promise as well.
    promise.catch(() => {});
    this.#become("connecting");
    const { headers, token } = this.#options;
    if (headers || token || this.#shares()) void this.#load(this.#opening);
    else this.#start(startTransport, this.#options);
    return promise;
  }

  /**
   * @param {typeof startTransport} transport or one like it
   * @param {Means} means
   */
  #start(transport, { fetch, EventSource }) {
    const { pollUrl, timers } = this.#options;
    this.#transport = transport(() => withQuery(this.#url, { lastEventId: this.#cursor }), {
      ...this.#options,
      fetch,
      EventSource,
      poll: pollUrl ? (polling) => startPolling(pollUrl, { ...polling, fetch, timers }) : undefined,
      cursor: () => this.#cursor,
      onEvent: (event, id) => this.#receive(event, id),
      onBroken: () => void (this.#brokenFrames += 1),
      onAnswer: (answer) => this.#polled(answer),
      onState: (state, retryAt) => this.#become(state, { retryAt }),
      onEnd: (reason) => this.#close(reason),
    });
  }

  /** Whether this browser can share a stream between tabs, and is asked to. */
  #shares() {
    const { user, locks, BroadcastChannel } = this.#options;
    return Boolean(user && locks && BroadcastChannel && topicsOf(this.#url).length);
  }

  /**
   * Start with what is loaded only by those who need it. A module is fetched like anything else, so that may fail, too.
   *
   * @param {ReturnType<typeof deferred>} opening
   */
  async #load(opening, backoff = createBackoff({ random: this.#options.random })) {
    try {
      const means = await this.#means();
      const transport = this.#shares() ? (await import("./SSETabs.js")).startShared : startTransport;
      if (this.#opening === opening) this.#start(transport, means);
    } catch {
      if (this.#opening !== opening) return;
      const wait = backoff.next();
      this.#retry.set(wait, () => void this.#load(opening, backoff));
      this.#become("reconnecting", { retryAt: this.#options.timers.now() + wait });
    }
  }

  /** The browser's own ways, or those that send headers. @returns {Promise<Means>} */
  async #means() {
    const { headers, token, fetch, timers } = this.#options;
    if (!headers && !token) return this.#options;
    const { createEventSource, signed } = await import("./SSEFetch.js");
    const withHeaders = signed(fetch, { headers, token });
    const EventSource = /** @type {any} */ (createEventSource({ fetch: withHeaders, now: timers.now }));
    return { fetch: withHeaders, EventSource: /** @type {typeof globalThis.EventSource} */ (EventSource) };
  }

  /** Close it. Nothing more is delivered; `connect` goes on from the same place. */
  disconnect() {
    if (this.#opening) this.#close("client");
  }

  /** Drop what there is and connect afresh, from the same place. @returns {Promise<void>} */
  reconnect() {
    this.disconnect();
    return this.connect();
  }

  /** Whether events arrive, by stream or by polling. */
  isConnected() {
    return this.#state === "live" || this.#state === "polling";
  }

  /**
   * Call `handler` for each such event: one of the wire's, or `state` for the connection's own changes.
   *
   * @param {string} event
   * @param {Handler} handler
   * @returns {() => void} its undo
   */
  on(event, handler) {
    return this.#handlers.on(event, handler);
  }

  /** @param {string} event @param {Handler} handler */
  off(event, handler) {
    this.#handlers.off(event, handler);
  }

  /**
   * Post a message to `options.commandUrl`: streams carry events one way only.
   *
   * @param {Record<string, unknown>} message
   * @returns {Promise<Response>}
   */
  async send(message) {
    const { commandUrl, csrfToken } = this.#options;
    if (!commandUrl) throw new TypeError("send() needs options.commandUrl.");
    const { fetch } = await this.#means();
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    return fetch(commandUrl, { method: "POST", headers, body: JSON.stringify(message) });
  }

  /** @param {ConnectionState} state @param {{reason?: CloseReason, retryAt?: number}} [detail] */
  #become(state, { reason, retryAt } = {}) {
    if (state === this.#state && retryAt === undefined) return;
    this.#state = state;
    if (this.isConnected()) this.#opening?.resolve();
    this.#handlers.emit("state", { state, reason: reason ?? null, retryAt: retryAt ?? null });
  }

  /** @param {SSEMessage} event @param {string} id */
  #receive(event, id) {
    // A handler may have closed the connection between two events of one answer.
    if (!this.#opening) return;
    if (event.type === "reset") this.#reset(event);
    if (!NUMBERED.includes(event.type) || this.#accept(event, id)) this.#handlers.emit(event.type, event);
  }

  /** @param {import("./SSEPolling.js").Answer} answer */
  #polled({ events, cursor, reset }) {
    if (reset) this.#receive({ ...reset, type: "reset" }, "");
    for (const event of events) this.#receive(event, "");
    // Closed by a handler: what was left of the answer was not delivered, and is asked for again.
    if (this.#opening) this.#cursor = String(cursor);
  }

  /** What was asked for is no longer there: go on from where the server says. @param {SSEMessage} event */
  #reset(event) {
    if (event.topic) this.#positions.forget(event.topic);
    if (event.cursor !== undefined) this.#cursor = String(event.cursor);
  }

  /** Whether to deliver a numbered event; moves the cursor if so. @param {SSEMessage} event @param {string} id */
  #accept({ topic = "", seq = 0 }, id) {
    const verdict = this.#positions.judge(topic, seq);
    if (verdict === "repeated") return false;
    if (verdict === "gap" && this.#isMending(`${topic} ${seq}`)) return false;
    // The server has nothing to fill it with. The page is told to look for itself.
    if (verdict === "gap") this.#handlers.emit("reset", { type: "reset", topic, reason: "gap" });
    this.#positions.move(topic, seq);
    if (id) this.#cursor = id;
    return true;
  }

  /** Something was lost on the way and the server has it: ask again from the cursor, once. @param {string} gap */
  #isMending(gap) {
    if (this.#knownGap === gap) return false;
    this.#knownGap = gap;
    return this.#transport?.resume() ?? false;
  }

  /** @param {CloseReason} reason */
  #close(reason) {
    const opening = this.#opening;
    this.#opening = null;
    this.#retry.cancel();
    this.#transport?.stop();
    this.#transport = null;
    this.#become("closed", { reason });
    opening?.reject(new SSEClosed(reason));
  }
}
