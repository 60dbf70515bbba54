/**
 * What the elements of a page that follow a stream have in common. They are rendered by the server, whole; here they go
 * on from the cursor that they were rendered at.
 *
 * Attributes: `data-stream-url`, `data-cursor`, and where they are known `data-events-url` (where the same events can be
 * fetched) and `data-user`, with which all elements of all tabs share one stream; where a browser has no locks (over plain
 * HTTP), all elements of a page. Without `data-events-url` they are fetched beside the stream, where it has one topic and an
 * address that ends in `/stream`; an empty one says that they cannot be fetched.
 */

import { SSEConnection } from "./SSEConnection.js";
import { topicsOf } from "./SSECursor.js";
import { NUMBERED } from "./SSEMessageTypes.js";
import { PageChannel, pageLocks } from "./SSEPage.js";
import { split, withQuery } from "./SSEUtils.js";

/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSEStates.js").StateChange} StateChange */

/** What is told to `receive`: `reset` too, after which the whole has to be fetched anew. */
const TOLD = /** @type {const} */ ([...NUMBERED, "text", "reset"]);

/** Where the server of a stream answers polls, too: one topic at a time. @param {string} url */
function eventsBeside(url) {
  const topics = topicsOf(url);
  const { path } = split(url);
  if (topics.length !== 1 || !path.endsWith("/stream")) return undefined;
  return withQuery(path.replace(/stream$/, "events"), { topic: topics });
}

export class SSEElement extends HTMLElement {
  /** @type {SSEConnection | null} */
  #connection = null;
  /** How the stream stands, for what shows it. @type {StateChange} */
  streamState = { state: "idle", reason: null, retryAt: null };

  /** For those who write an element: an event has come. @param {SSEMessage} _event */
  receive(_event) {}

  /** For those who write an element: the stream stands otherwise. @param {StateChange} _change */
  streamChanged(_change) {}

  connectedCallback() {
    this.follow();
  }

  disconnectedCallback() {
    // An element that is only moved is taken out and put back within one turn: its stream goes on.
    queueMicrotask(() => {
      if (!this.isConnected) this.unfollow();
    });
  }

  /** Where a browser moves elements without taking them out, there is nothing to do. */
  connectedMoveCallback() {}

  /** Follow the stream, from where it was left. */
  follow() {
    if (!this.dataset.streamUrl) return;
    this.#connection ??= this.#connect(this.dataset.streamUrl);
    void this.#connection.connect();
  }

  /** Give the stream up; `follow` goes on from the same place. */
  unfollow() {
    this.#connection?.disconnect();
  }

  /** Follow what the attributes say by now, in place of what they said before. */
  restart() {
    this.unfollow();
    this.#connection = null;
    this.follow();
  }

  /** @param {string} url */
  #connect(url) {
    const { eventsUrl = eventsBeside(url), cursor, user } = this.dataset;
    const within = /** @type {any} */ ({ locks: pageLocks, BroadcastChannel: PageChannel });
    const shared = globalThis.navigator?.locks ? {} : within;
    const connection = new SSEConnection(url, { pollUrl: eventsUrl, lastEventId: cursor, user, ...shared });
    for (const type of TOLD) connection.on(type, (event) => this.receive(event));
    connection.on("state", (change) => {
      this.streamState = change;
      this.streamChanged(change);
      this.dispatchEvent(new CustomEvent("stream-state", { detail: change }));
    });
    return connection;
  }
}
