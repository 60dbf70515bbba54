/**
 * A connection to a stream of numbered events that looks after itself.
 *
 * It reconnects from its cursor, drops what it has seen, notices holes and silence, polls where streams cannot be had,
 * and comes back to streaming later.
 */

import { topicsOf } from "./SSECursor.js";
import { createEventManager } from "./SSEEventManager.js";
import { NUMBERED } from "./SSEMessageTypes.js";
import { complete, isPlain, meansOf, shares } from "./SSEOptions.js";
import { createPlace } from "./SSEPlace.js";
import { startPolling } from "./SSEPolling.js";
import { createBackoff } from "./SSEReconnection.js";
import { SSEClosed } from "./SSEStates.js";
import { startTransport } from "./SSETransport.js";
import { createAlarm, deferred, withQuery } from "./SSEUtils.js";

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
  #url;
  #options;
  #place;
  #handlers = createEventManager();
  /** @type {ConnectionState} */
  #state = "idle";
  /** @type {ReturnType<typeof deferred> | null} */
  #opening = null;
  /** @type {ReturnType<typeof startTransport> | null} */
  #transport = null;
  #brokenFrames = 0;
  #retry;

  /** @param {string} url @param {SSEOptions} [options] */
  constructor(url, options = {}) {
    this.#url = url;
    this.#options = complete(options);
    this.#place = createPlace(topicsOf(url), String(options.lastEventId ?? ""), {
      resume: () => this.#transport?.resume() ?? false,
      // The page is told to look for itself.
      onHole: (topic) => this.#handlers.emit("reset", { type: "reset", topic, reason: "gap" }),
    });
    this.#retry = createAlarm(this.#options.timers);
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state;
  }

  /** The position of the last event that was delivered, as the server names it. */
  get cursor() {
    return this.#place.cursor;
  }

  /** How many frames were not what they should be; each was passed over. */
  get brokenFrames() {
    return this.#brokenFrames;
  }

  /**
   * Connect, and stay connected until `disconnect` or until the server says that it is over.
   *
   * Resolves when events can arrive, by stream or by polling, and when all was told already; rejects with `SSEClosed`
   * when it is over for another reason before that.
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
    if (!isPlain(this.#options) || shares(this.#options, this.#url)) void this.#load(this.#opening);
    else this.#start(startTransport, this.#options);
    return promise;
  }

  /** @param {typeof startTransport} transport or one like it @param {import("./SSEOptions.js").Means} means */
  #start(transport, { fetch, EventSource }) {
    const { pollUrl, timers } = this.#options;
    const cursor = () => this.cursor;
    /** @param {import("./SSETransport.js").Polling} polling */
    const poll = (polling) =>
      startPolling(/** @type {string} */ (pollUrl), {
        ...polling,
        fetch,
        timers,
        cursor,
        onAnswer: (answer) => this.#polled(answer),
        onTrouble: (retryAt) => this.#become("reconnecting", retryAt),
      });
    this.#transport = transport(() => withQuery(this.#url, { lastEventId: this.cursor }), {
      ...this.#options,
      fetch,
      EventSource,
      poll: pollUrl ? poll : undefined,
      cursor,
      onEvent: (event, id) => this.#receive(event, id),
      onBroken: () => void (this.#brokenFrames += 1),
      onState: (state, retryAt) => this.#become(state, retryAt),
      onEnd: (reason) => this.#close(reason),
    });
  }

  /**
   * Start with what is loaded only by those who need it. A module is fetched like anything else, so that may fail, too.
   *
   * @param {ReturnType<typeof deferred>} opening
   */
  async #load(opening, backoff = createBackoff({ random: this.#options.random })) {
    const tabs = shares(this.#options, this.#url) ? import("./SSETabs.js") : null;
    const loaded = await Promise.all([meansOf(this.#options), tabs]).catch(() => null);
    if (this.#opening !== opening) return;
    if (loaded) return this.#start(loaded[1]?.startShared ?? startTransport, loaded[0]);
    const wait = backoff.next();
    this.#retry.set(wait, () => void this.#load(opening, backoff));
    this.#become("reconnecting", this.#options.timers.now() + wait);
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
   * Call `handler` for each such event: one of the wire's, or `state` for the connection's own changes. Returns its undo.
   *
   * @template {keyof Told} Name
   * @param {Name} event @param {(data: Told[Name]) => void} handler
   */
  on(event, handler) {
    return this.#handlers.on(event, handler);
  }

  /** @template {keyof Told} Name @param {Name} event @param {(data: Told[Name]) => void} handler */
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
    const { fetch } = await meansOf(this.#options);
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    return fetch(commandUrl, { method: "POST", headers, body: JSON.stringify(message) });
  }

  /** @param {ConnectionState} state @param {number | null} [retryAt] @param {CloseReason | null} [reason] */
  #become(state, retryAt = null, reason = null) {
    if (state === this.#state && retryAt === null) return;
    this.#state = state;
    if (this.isConnected()) this.#opening?.resolve();
    this.#handlers.emit("state", { state, reason, retryAt });
  }

  /** @param {SSEMessage} event @param {string} id */
  #receive(event, id) {
    // A handler may have closed the connection between two events of one answer.
    if (!this.#opening) return;
    if (event.type === "reset") this.#place.reset(event);
    const isNumbered = NUMBERED.includes(/** @type {NumberedName} */ (event.type));
    if (!isNumbered || this.#place.take(event, id)) this.#handlers.emit(event.type, event);
  }

  /** @param {import("./SSEPolling.js").Answer} answer */
  #polled({ events, cursor, reset }) {
    this.#become("polling");
    if (reset) this.#receive({ ...reset, type: "reset" }, "");
    for (const event of events) this.#receive(event, "");
    // Closed by a handler: what was left of the answer was not delivered, and is asked for again.
    if (this.#opening) this.#place.move(cursor);
  }

  /** @param {CloseReason} reason */
  #close(reason) {
    const opening = this.#opening;
    this.#opening = null;
    this.#retry.cancel();
    this.#transport?.stop();
    this.#transport = null;
    this.#become("closed", null, reason);
    if (reason === "done") opening?.resolve();
    else opening?.reject(new SSEClosed(reason));
  }
}
