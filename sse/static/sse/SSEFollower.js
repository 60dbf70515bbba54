/** What a tab makes of what the leader says. A leader hears itself in the same way. */

import { writeCursor } from "./SSECursor.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSECursor.js").Positions} Positions */
/** @typedef {import("./SSELeader.js").Word} Word */

/** A leader that streams says something with each heartbeat; one that does not, now and then. */
const IDLE_PATIENCE_SECONDS = 75;

/**
 * Listen.
 *
 * @param {import("./SSELeader.js").Tab} tab
 * @param {{
 *   leads: () => boolean, expect: (seconds: number) => void, join: () => void, goApart: () => void,
 *   end: (reason: CloseReason) => void
 * }} ways `expect`: the leader's next sign is due in so many seconds; `join`: tell the leader where this tab stands
 */
export function createFollower(tab, { leads, expect, join, goApart, end }) {
  const { id, own, shared, options, position, say } = tab;
  /** @type {(() => void) | null} */
  let stopPolling = null;

  const mine = (/** @type {string[]} */ topics) => topics.some((topic) => shared.left.includes(topic));

  /** A sign of one that streams. */
  const sign = () => expect(shared.heartbeatSeconds * options.silenceFactor || IDLE_PATIENCE_SECONDS);

  /** A leader knows better what it told. @param {string} topic @param {number} seq */
  const learn = (topic, seq) => void (leads() || shared.known.set(topic, seq));
  const newer = (/** @type {string} */ topic, /** @type {number} */ seq) =>
    learn(topic, Math.max(seq, shared.known.get(topic) ?? 0));

  /** @param {SSEMessage} event */
  const heardEvent = (event) => {
    const { type, topic, seq } = event;
    if (type === "hello") shared.heartbeatSeconds = Number(event.heartbeat_seconds) || 0;
    if (shared.standing.state === "live") sign();
    if (topic && seq) newer(topic, seq);
    if (type === "reset" && topic) {
      const { at, ...rest } = event;
      const from = /** @type {Positions} */ (at)[topic] ?? 0;
      learn(topic, from);
      event = { ...rest, cursor: writeCursor({ ...position(), [topic]: from }, own) };
    }
    if (topic && !own.includes(topic)) return;
    options.onEvent(event, topic && seq ? writeCursor({ ...position(), [topic]: seq }, own) : "");
  };

  /** @param {Extract<Word, {do: "state"}>} word */
  const heardState = ({ standing, topics, known, seconds }) => {
    if (!leads()) shared.streamed = new Set(topics);
    for (const [topic, seq] of Object.entries(known)) newer(topic, seq);
    shared.heartbeatSeconds = seconds;
    // Ours are not among what it streams: it has yet to hear of us.
    if (!shared.left.every((topic) => topics.includes(topic))) return;
    const { state, retryAt } = (shared.standing = standing);
    if (state === "live") sign();
    else expect(IDLE_PATIENCE_SECONDS);
    if (state === "polling") return poll();
    if (state === "live") stop();
    if (state !== "connecting" && !stopPolling) options.onState(state, retryAt);
  };

  /** @param {Extract<Word, {do: "end"}>} word */
  const heardEnd = ({ topics, reason, known }) => {
    const here = position();
    // The last number came, but not all before it: not over for us until the leader has fetched them.
    if (reason === "done" && mine(topics.filter((topic) => (here[topic] ?? 0) < (known[topic] ?? 0)))) return join();
    for (const topic of topics) shared.streamed.delete(topic);
    shared.left = shared.left.filter((topic) => !topics.includes(topic));
    if (!shared.left.length) end(reason);
  };

  /** Each tab polls for itself: the leader's connection is what cannot be had. */
  const poll = () => {
    // Several long polls would take up all the connections that a browser opens.
    stopPolling ??= options.poll?.({ onStop: end, plain: true }) ?? null;
    if (!stopPolling) options.onState("reconnecting");
  };

  const stop = () => {
    stopPolling?.();
    stopPolling = null;
  };

  return {
    /** @param {Word} word */
    hear(word) {
      if (word.do === "event") heardEvent(word.event);
      else if (word.do === "state") heardState(word);
      else if (word.do === "end") heardEnd(word);
      else if (word.do === "apart" && mine(word.topics)) goApart();
      else if (word.do === "who") {
        // Where this tab stands matters to a new leader. Later it lags behind what is on its way.
        if (word.fresh || shared.standing.state === "connecting") join();
        else say({ do: "here", id, topics: shared.left });
      }
    },
    isPolling: () => stopPolling !== null,
    /** Poll no more. */
    stop,
  };
}
