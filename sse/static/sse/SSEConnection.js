/**
 * A connection to a stream of numbered events that looks after itself.
 *
 * It reconnects from its cursor, drops what it has seen, notices holes and silence, polls where streams cannot be had,
 * and comes back to streaming later.
 */

import { createEventManager, createPositions } from "./SSEEventManager.js";
import { NUMBERED, SSEClosed } from "./SSEMessageTypes.js";
import { startTransport } from "./SSETransport.js";
import { cookie, deferred, realTimers } from "./SSEUtils.js";

/** @typedef {import("./SSEMessageTypes.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").ConnectionState} ConnectionState */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSEEventManager.js").Handler} Handler */

/**
 * @typedef {{
 *   lastEventId?: string | number,
 *   pollUrl?: string,
 *   commandUrl?: string,
 *   helloSeconds?: number,
 *   silenceFactor?: number,
 *   stableSeconds?: number,
 *   failuresBeforePolling?: number,
 *   probeSeconds?: number,
 *   csrfToken?: () => string,
 *   EventSource?: typeof globalThis.EventSource,
 *   fetch?: typeof globalThis.fetch,
 *   timers?: import("./SSEUtils.js").Timers,
 *   random?: () => number
 * }} SSEOptions
 *   `lastEventId`: the cursor to begin after.
 *   `pollUrl`: where the same events can be fetched; without it there is no fallback.
 *   `stableSeconds`: after a stream that lived so long the waits begin at one second again.
 *   `probeSeconds`: how often the stream is tried while polling.
 */

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

  /** @param {string} url @param {SSEOptions} [options] */
  constructor(url, options = {}) {
    const { fetch, EventSource } = globalThis;
    this.#url = url;
    this.#options = { ...DEFAULTS, fetch: fetch?.bind(globalThis), EventSource, ...options };
    this.#cursor = String(options.lastEventId ?? "");
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state;
  }

  /** The position of the last event that was delivered, as the server names it. */
  get cursor() {
    return this.#cursor;
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
    this.#transport = startTransport(this.#url, {
      ...this.#options,
      cursor: () => this.#cursor,
      onEvent: (event, id) => this.#receive(event, id),
      onAnswer: (answer) => this.#polled(answer),
      onState: (state, retryAt) => this.#become(state, { retryAt }),
      onEnd: (reason) => this.#close(reason),
    });
    return promise;
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
    const { commandUrl, csrfToken, fetch } = this.#options;
    if (!commandUrl) throw new TypeError("send() needs options.commandUrl.");
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
    this.#transport?.stop();
    this.#transport = null;
    this.#become("closed", { reason });
    opening?.reject(new SSEClosed(reason));
  }
}
