/**
 * One stream for all tabs of a user.
 *
 * A browser opens six connections to a host over HTTP/1.1, so a seventh tab with a stream of its own would never load. The
 * tab that holds a lock leads. When it closes, freezes or falls silent, another takes the lock and goes on from where all
 * of them stand.
 *
 * Nothing is lost: a tab that misses a number says where it stands, and the leader asks the server again from there.
 * Nothing is doubled: each connection drops what it has seen.
 */

import { readCursor, topicsOf, withTopics, writeCursor } from "./SSECursor.js";
import { startLeader } from "./SSELeader.js";
import { createAlarm } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSELeader.js").Word} Word */

/**
 * @typedef {import("./SSETransport.js").TransportOptions & {
 *   user?: string | number, locks?: LockManager, BroadcastChannel?: typeof globalThis.BroadcastChannel
 * }} SharedOptions
 */

/** A leader that streams says something with each heartbeat; one that does not, now and then. */
const IDLE_PATIENCE_SECONDS = 75;

/**
 * Take part; the same to its caller as `startTransport`.
 *
 * @param {() => string} address
 * @param {SharedOptions} options `user`, `locks` and `BroadcastChannel` are there
 */
export function startShared(address, options) {
  const { timers, helloSeconds, silenceFactor, random = Math.random } = options;
  const locks = /** @type {LockManager} */ (options.locks);
  const Channel = /** @type {typeof globalThis.BroadcastChannel} */ (options.BroadcastChannel);
  const url = address();
  const own = topicsOf(url);
  const id = crypto.randomUUID();
  const watchdog = createAlarm(timers);
  const undo = new AbortController();

  /** @type {import("./SSELeader.js").Shared} */
  const shared = {
    left: [...own],
    streamed: new Set(),
    known: new Map(),
    standing: { state: "connecting" },
    heartbeatSeconds: 0,
  };
  /** Whether the stream is shared only with tabs of the very same topics. */
  let apart = false;
  /** Whether the page is stored or frozen. */
  let away = false;
  let running = true;
  let heardAt = timers.now();
  let patience = helloSeconds;
  /** @type {BroadcastChannel | null} */
  let channel = null;
  let waiting = new AbortController();
  /** @type {ReturnType<typeof startLeader> | null} */
  let leader = null;
  /** @type {(() => void) | null} */
  let release = null;
  /** @type {(() => void) | null} */
  let stopPolling = null;

  const position = () => readCursor(options.cursor(), own);
  const mine = (/** @type {string[]} */ topics) => topics.some((topic) => shared.left.includes(topic));

  // --- what is said --------------------------------------------------------------------------------------------------

  /** @param {Word} word */
  const say = (word) => channel?.postMessage(word);

  const join = () => {
    /** @type {Extract<Word, {do: "join"}>} */
    const word = { do: "join", id, topics: shared.left, at: position() };
    if (leader) leader.admit(word);
    else say(word);
  };

  /** A sign of the leader was heard; the next is due in so many seconds. */
  const follow = (seconds = shared.heartbeatSeconds * silenceFactor || IDLE_PATIENCE_SECONDS) => {
    heardAt = timers.now();
    patience = seconds;
    // A little later each time by chance, so that not all tabs wake in one moment.
    if (!release) watchdog.set((seconds + 2 * random()) * 1000, usurp);
  };

  // --- what is heard -------------------------------------------------------------------------------------------------

  /** What the leader says. @param {Word} word */
  const hear = (word) => {
    if (!running || away) return;
    if (word.do === "event") heardEvent(word.event);
    else if (word.do === "state") heardState(word);
    else if (word.do === "end") heardEnd(word);
    else if (word.do === "apart" && mine(word.topics)) goApart();
    else if (word.do === "who") {
      // Where this tab stands matters to a new leader. Later it lags behind what is on its way.
      if (word.fresh || shared.standing.state === "connecting") join();
      else say({ do: "here", id, topics: shared.left });
    }
  };

  /** A leader knows better what it told. @param {string} topic @param {number} seq */
  const learn = (topic, seq) => void (release || shared.known.set(topic, seq));
  const newer = (/** @type {string} */ topic, /** @type {number} */ seq) =>
    learn(topic, Math.max(seq, shared.known.get(topic) ?? 0));

  /** @param {SSEMessage} event */
  const heardEvent = (event) => {
    const { type, topic, seq } = event;
    if (type === "hello") shared.heartbeatSeconds = Number(event.heartbeat_seconds) || 0;
    if (shared.standing.state === "live") follow();
    if (topic && seq) newer(topic, seq);
    if (type === "reset" && topic) {
      const { at, ...rest } = event;
      const from = /** @type {import("./SSECursor.js").Positions} */ (at)[topic] ?? 0;
      learn(topic, from);
      event = { ...rest, cursor: writeCursor({ ...position(), [topic]: from }, own) };
    }
    if (topic && !own.includes(topic)) return;
    options.onEvent(event, topic && seq ? writeCursor({ ...position(), [topic]: seq }, own) : "");
  };

  /** @param {Extract<Word, {do: "state"}>} word */
  const heardState = ({ standing, topics, known, seconds }) => {
    if (!release) shared.streamed = new Set(topics);
    for (const [topic, seq] of Object.entries(known)) newer(topic, seq);
    shared.heartbeatSeconds = seconds;
    // Ours are not among what it streams: it has yet to hear of us.
    if (!shared.left.every((topic) => topics.includes(topic))) return;
    shared.standing = standing;
    follow(standing.state === "live" ? undefined : IDLE_PATIENCE_SECONDS);
    if (standing.state === "polling") return poll();
    if (standing.state === "live") quitPolling();
    if (standing.state !== "connecting" && !stopPolling) options.onState(standing.state, standing.retryAt);
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
    stopPolling ??=
      options.poll?.({
        cursor: options.cursor,
        // Several long polls would take up all the connections that a browser opens.
        plain: true,
        onAnswer: (answer) => {
          options.onState("polling");
          options.onAnswer(answer);
        },
        onTrouble: (retryAt) => options.onState("reconnecting", retryAt),
        onStop: end,
      }) ?? null;
    if (!stopPolling) options.onState("reconnecting");
  };

  const quitPolling = () => {
    stopPolling?.();
    stopPolling = null;
  };

  // --- the lock ------------------------------------------------------------------------------------------------------

  const name = () => `sse:${options.user}:${withTopics(url, apart ? own : [])}`;

  /** Wait for the lock, or take it, and lead while it is held. @param {LockOptions} how */
  const hold = async (how) => {
    let led = false;
    try {
      await locks.request(name(), how.steal ? how : { signal: waiting.signal }, () => {
        if (!running || away) return undefined;
        led = true;
        watchdog.cancel();
        const held = new Promise((/** @type {(value?: undefined) => void} */ done) => void (release = done));
        leader = startLeader({ id, url, shared, options, position, say, hear });
        return held;
      });
    } catch {
      // Given up while waiting, or taken away by a tab that heard nothing from us.
      if (!running || away || !led) return;
      retire();
      waiting = new AbortController();
      follow(helloSeconds);
      void hold({});
    }
  };

  /** The leader is silent: frozen, most likely, with the lock in its hands. */
  const usurp = () => {
    if (!running || away || release) return;
    waiting.abort();
    void hold({ steal: true });
  };

  const retire = () => {
    leader?.stop();
    leader = null;
    release?.();
    release = null;
  };

  // --- coming and going ----------------------------------------------------------------------------------------------

  const enter = () => {
    away = false;
    waiting = new AbortController();
    shared.standing = { state: "connecting" };
    channel = new Channel(name());
    channel.onmessage = ({ data: word }) => (leader ? leader.hear(word) : hear(word));
    follow(helloSeconds);
    void hold({});
    join();
  };

  /** Leave the others alone: a page that is stored or frozen must hold neither lock nor channel. */
  const leave = () => {
    say({ do: "leave", id, topics: own });
    away = true;
    waiting.abort();
    retire();
    watchdog.cancel();
    quitPolling();
    channel?.close();
    channel = null;
  };

  const goApart = () => {
    leave();
    apart = true;
    shared.streamed = new Set();
    shared.known = new Map();
    enter();
  };

  const stop = () => {
    if (!running) return;
    running = false;
    leave();
    undo.abort();
  };

  /** @param {CloseReason} reason */
  const end = (reason) => {
    if (!running) return;
    stop();
    options.onEnd(reason);
  };

  const suspend = () => void (running && !away && leave());

  const wake = () => {
    if (away) {
      options.onState("reconnecting");
      enter();
    }
    // What the leader said meanwhile may be about to be heard.
    else if (!release && timers.now() - heardAt > patience * 1000) watchdog.set(1000, usurp);
  };

  if (typeof window !== "undefined" && typeof document !== "undefined") {
    const { signal } = undo;
    for (const type of ["pageshow", "online"]) window.addEventListener(type, wake, { signal });
    window.addEventListener("pagehide", suspend, { signal });
    document.addEventListener("freeze", suspend, { signal });
    document.addEventListener("resume", wake, { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake(), { signal });
  }

  enter();
  return {
    stop,
    /** A number is missing: ask again from the cursor. */
    resume() {
      if (stopPolling) return false;
      join();
      return true;
    },
  };
}
