/**
 * One stream for all tabs of a user.
 *
 * A browser opens six connections to a host over HTTP/1.1, so a seventh tab with a stream of its own would never load. The
 * tab that holds a lock leads: it streams the topics of all and passes on what it hears. When it closes, freezes or falls
 * silent, another takes the lock and goes on from where all of them stand.
 *
 * Nothing is lost: a tab that misses a number says where it stands, and the leader asks the server again from there.
 * Nothing is doubled: each connection drops what it has seen.
 */

import { readCursor, topicsOf, writeCursor } from "./SSECursor.js";
import { startTransport } from "./SSETransport.js";
import { createAlarm } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSECursor.js").Positions} Positions */
/** @typedef {{state: "live" | "reconnecting" | "polling" | "connecting", retryAt?: number}} Standing */

/**
 * What tabs say to each other. `join` goes to the leader, `leave` and `here` too; all else comes from it.
 *
 * @typedef {(
 *   {do: "join", id: string, topics: string[], at: Positions} | {do: "here" | "leave", id: string, topics: string[]} |
 *   {do: "who", fresh: boolean} | {do: "apart", topics: string[]} | {do: "event", event: SSEMessage} |
 *   {do: "state", standing: Standing, topics: string[], known: Positions, seconds: number} |
 *   {do: "end", topics: string[], reason: CloseReason, known: Positions}
 * )} Word
 */

/**
 * @typedef {import("./SSETransport.js").TransportOptions & {
 *   user?: string | number, locks?: LockManager, BroadcastChannel?: typeof globalThis.BroadcastChannel
 * }} SharedOptions
 */

/** What the server takes in one stream. */
const MOST_TOPICS = 20;
/** How often the leader asks who is there, and how many questions a tab may leave unanswered. */
const ROLL_SECONDS = 20;
const MOST_MISSED = 3;
/** A leader that streams says something with each heartbeat; one that does not, with each question. */
const IDLE_PATIENCE_SECONDS = 75;

/** @param {string} url @param {string[]} topics @param {string} cursor */
function address(url, topics, cursor) {
  const [path, query = ""] = url.split("?", 2);
  const search = new URLSearchParams(query);
  search.delete("topic");
  search.delete("lastEventId");
  for (const topic of topics) search.append("topic", topic);
  if (cursor) search.set("lastEventId", cursor);
  return search.size ? `${path}?${search}` : path;
}

/**
 * Take part; the same to its caller as `startTransport`.
 *
 * @param {() => string} ownAddress
 * @param {SharedOptions} options `user`, `locks` and `BroadcastChannel` are there
 */
export function startShared(ownAddress, options) {
  const { timers, helloSeconds, silenceFactor, random = Math.random } = options;
  const locks = /** @type {LockManager} */ (options.locks);
  const Channel = /** @type {typeof globalThis.BroadcastChannel} */ (options.BroadcastChannel);
  const url = ownAddress();
  const own = topicsOf(url);
  const id = crypto.randomUUID();
  const watchdog = createAlarm(timers);
  const roll = createAlarm(timers);

  /** Whether this tab's stream is shared only with tabs of the very same topics. */
  let apart = false;
  let away = false;
  let running = true;
  /** Topics of our own that are not over. */
  let left = [...own];
  /** What the leader streams, and the last number it told of each: what a new leader begins with. */
  let streamed = new Set(/** @type {string[]} */ ([]));
  let known = new Map(/** @type {[string, number][]} */ ([]));
  /** @type {Standing} */
  let standing = { state: "connecting" };
  let heartbeatSeconds = 0;
  let heardAt = timers.now();
  let patience = helloSeconds;
  /** @type {BroadcastChannel | null} */
  let channel = null;
  let waiting = new AbortController();
  /** @type {(() => void) | null} */
  let release = null;
  /** @type {ReturnType<typeof startTransport> | null} */
  let transport = null;
  /** @type {(() => void) | null} */
  let stopPolling = null;
  /** What the stream that there is was opened for. @type {string[]} */
  let asked = [];
  /** The tabs that follow, as the leader knows them. @type {Map<string, {topics: string[], missed: number}>} */
  const tabs = new Map();

  const position = () => readCursor(options.cursor(), own);

  // --- as everybody --------------------------------------------------------------------------------------------------

  /** @param {Word} word */
  const say = (word) => channel?.postMessage(word);

  const join = () => {
    /** @type {Word} */
    const word = { do: "join", id, topics: left, at: position() };
    if (release) admit(word);
    else say(word);
  };

  /** A sign of the leader was heard; the next is due in so many seconds. */
  const follow = (seconds = heartbeatSeconds * silenceFactor || IDLE_PATIENCE_SECONDS) => {
    heardAt = timers.now();
    patience = seconds;
    // A little later each time by chance, so that not all tabs wake in one moment.
    if (!release) watchdog.set((seconds + 2 * random()) * 1000, usurp);
  };

  const mine = (/** @type {string[]} */ topics) => topics.some((topic) => left.includes(topic));

  /** What the leader says. @param {Word} word */
  const hear = (word) => {
    if (!running || away) return;
    if (word.do === "event") heardEvent(word.event);
    else if (word.do === "state") heardState(word);
    else if (word.do === "end") heardEnd(word);
    else if (word.do === "apart" && mine(word.topics)) goApart();
    else if (word.do === "who") {
      // Where this tab stands matters to a new leader. Later it lags behind what is on its way.
      if (word.fresh || standing.state === "connecting") join();
      else say({ do: "here", id, topics: left });
    }
  };

  /** @param {SSEMessage} event */
  const heardEvent = (event) => {
    const { topic, seq } = event;
    if (event.type === "hello") heartbeatSeconds = Number(event.heartbeat_seconds) || 0;
    if (standing.state === "live") follow();
    if (topic && seq && !release) known.set(topic, Math.max(seq, known.get(topic) ?? 0));
    if (event.type === "reset" && topic) {
      const at = /** @type {Positions} */ (event.at)[topic] ?? 0;
      if (!release) known.set(topic, at);
      event = { ...event, cursor: writeCursor({ ...position(), [topic]: at }, own) };
      delete event.at;
    }
    if (topic && !own.includes(topic)) return;
    options.onEvent(event, topic && seq ? writeCursor({ ...position(), [topic]: seq }, own) : "");
  };

  /** @param {Extract<Word, {do: "state"}>} word */
  const heardState = (word) => {
    if (!release) {
      streamed = new Set(word.topics);
      for (const [topic, seq] of Object.entries(word.known)) known.set(topic, Math.max(seq, known.get(topic) ?? 0));
    }
    heartbeatSeconds = word.seconds;
    // Ours are not among what it streams: it has yet to hear of us.
    if (!left.every((topic) => word.topics.includes(topic))) return;
    standing = word.standing;
    follow(standing.state === "live" ? undefined : IDLE_PATIENCE_SECONDS);
    if (standing.state === "polling") return poll();
    if (standing.state === "live") {
      stopPolling?.();
      stopPolling = null;
    }
    if (standing.state !== "connecting" && !stopPolling) options.onState(standing.state, standing.retryAt);
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

  /** @param {Extract<Word, {do: "end"}>} word */
  const heardEnd = ({ topics, reason, known: at }) => {
    const here = position();
    // The last number came, but not all before it: not over for us until the leader has fetched them.
    if (reason === "done" && mine(topics.filter((topic) => (here[topic] ?? 0) < (at[topic] ?? 0)))) return join();
    for (const topic of topics) streamed.delete(topic);
    left = left.filter((topic) => !topics.includes(topic));
    if (!left.length) end(reason);
  };

  /** @param {CloseReason} reason */
  const end = (reason) => {
    if (!running) return;
    stop();
    options.onEnd(reason);
  };

  /** The leader is silent: frozen, most likely, with the lock in its hands. */
  const usurp = () => {
    if (!running || away || release) return;
    waiting.abort();
    void hold({ steal: true });
  };

  // --- as the leader -------------------------------------------------------------------------------------------------

  /** Say it to the others, and hear it oneself. @param {Word} word */
  const tell = (word) => {
    say(word);
    hear(word);
  };

  const tellState = (/** @type {Standing} */ next = standing) =>
    tell({
      do: "state",
      standing: next,
      topics: [...streamed],
      known: Object.fromEntries(known),
      seconds: heartbeatSeconds,
    });

  const lead = () => {
    watchdog.cancel();
    tabs.clear();
    for (const topic of left) streamed.add(topic);
    // What the page has is newer than what was told, where it was rendered a moment ago.
    for (const [topic, seq] of Object.entries(position())) known.set(topic, seq);
    call(true);
    stream();
  };

  /** Ask who is there, and forget who has not answered for long. */
  const call = (fresh = false) => {
    for (const [name, tab] of tabs) if ((tab.missed += 1) > MOST_MISSED) dismiss(name);
    say({ do: "who", fresh });
    if (!fresh) tellState();
    roll.set(ROLL_SECONDS * 1000, call);
  };

  /** What nobody wants any more is not asked for again; the stream that there is goes on. @param {string} name */
  const dismiss = (name) => {
    tabs.delete(name);
    const wanted = new Set([...left, ...[...tabs.values()].flatMap(({ topics }) => topics)]);
    streamed = new Set([...streamed].filter((topic) => wanted.has(topic)));
  };

  /** Stream what all want from where they stand; what there was before is dropped. */
  const stream = () => {
    transport?.stop();
    const ask = () => {
      asked = [...streamed];
      return address(url, asked, writeCursor(Object.fromEntries(known), asked));
    };
    transport = startTransport(ask, {
      ...options,
      strict: () => isMixed() || !options.poll,
      onEvent: relay,
      onAnswer: () => {},
      onState: (state, retryAt) => tellState({ state, retryAt }),
      // Without a way to poll of its own it would not stop trying; whether a tab has one is that tab's affair.
      poll: () => {
        tellState({ state: "polling" });
        return () => {};
      },
      onEnd: ended,
    });
  };

  /** @param {SSEMessage} event */
  const relay = (event) => {
    const { topic = "", seq, type } = event;
    if (type === "bye") return;
    if (type === "reset") {
      const at = readCursor(String(event.cursor), asked);
      known.set(topic, at[topic] ?? 0);
      event = { ...event, at };
    }
    if (seq) known.set(topic, seq);
    tell({ do: "event", event });
    // Not where this very tab missed a number, and asked for it again meanwhile.
    if (event.final && topic && known.get(topic) === seq) over([topic], "done");
    if (type === "hello") greet(Array.isArray(event.topics) ? event.topics : []);
  };

  /** Those who came when all had been told hear no final event. @param {{topic: string, seq: number, closed: boolean}[]} topics */
  const greet = (topics) => {
    for (const { topic, seq, closed } of topics) if (closed && known.get(topic) === seq) over([topic], "done");
  };

  /** @param {string[]} topics @param {CloseReason} reason */
  const over = (topics, reason) => {
    for (const topic of topics) streamed.delete(topic);
    tell({ do: "end", topics, reason, known: Object.fromEntries(known) });
  };

  /** Whether the tabs want different things, so that what is refused to one may be another's. */
  const isMixed = () => new Set([left, ...[...tabs.values()].map(({ topics }) => topics)].map(String)).size > 1;

  /** @param {CloseReason} reason */
  const ended = (reason) => {
    transport = null;
    if (reason === "done" || reason === "signed_out" || !isMixed()) over([...streamed], reason);
    else tell({ do: "apart", topics: [...streamed] });
  };

  /** @param {Extract<Word, {do: "join"}>} word */
  const admit = ({ id: name, topics, at }) => {
    const all = new Set([...streamed, ...topics]);
    if (all.size > MOST_TOPICS && name !== id) return tell({ do: "apart", topics });
    if (name !== id) tabs.set(name, { topics, missed: 0 });
    let behind = !transport;
    for (const topic of topics) {
      const from = at[topic] ?? 0;
      if (streamed.has(topic) && from >= (known.get(topic) ?? 0)) continue;
      known.set(topic, from);
      behind = true;
    }
    streamed = all;
    if (behind) stream();
    else tellState();
  };

  // --- coming and going ----------------------------------------------------------------------------------------------

  /** Wait for the lock, or take it, and lead while it is held. @param {LockOptions} how */
  const hold = async (how) => {
    let led = false;
    const mode = how.steal ? {} : { signal: waiting.signal };
    try {
      await locks.request(name(), { ...how, ...mode }, () => {
        if (!running || away) return undefined;
        led = true;
        const held = new Promise((/** @type {(value?: undefined) => void} */ done) => void (release = done));
        lead();
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

  const retire = () => {
    transport?.stop();
    transport = null;
    release?.();
    release = null;
    roll.cancel();
  };

  const name = () => `sse:${options.user}:${address(url, apart ? own : [], "")}`;

  const enter = () => {
    away = false;
    waiting = new AbortController();
    standing = { state: "connecting" };
    channel = new Channel(name());
    channel.onmessage = ({ data: word }) => {
      if (!release) hear(word);
      else if (word.do === "leave") dismiss(word.id);
      else if (word.do === "join") admit(word);
      else if (word.do === "here") tabs.set(word.id, { topics: word.topics, missed: 0 });
    };
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
    stopPolling?.();
    stopPolling = null;
    channel?.close();
    channel = null;
  };

  const goApart = () => {
    leave();
    apart = true;
    streamed = new Set();
    known = new Map();
    enter();
  };

  const suspend = () => void (running && !away && leave());
  const wake = () => {
    if (!running) return;
    if (away) {
      options.onState("reconnecting");
      enter();
    }
    // What the leader said meanwhile may be about to be heard.
    else if (!release && timers.now() - heardAt > patience * 1000) watchdog.set(1000, usurp);
  };

  const stop = () => {
    if (!running) return;
    running = false;
    leave();
    undo.abort();
  };

  const undo = new AbortController();
  const { signal } = undo;
  if (typeof window !== "undefined" && typeof document !== "undefined") {
    window.addEventListener("pagehide", suspend, { signal });
    window.addEventListener("pageshow", wake, { signal });
    window.addEventListener("online", wake, { signal });
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
