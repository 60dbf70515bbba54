/** The tab that leads: it streams what all tabs want, and passes on what it hears. */

import { readCursor, withTopics, writeCursor } from "./SSECursor.js";
import { startTransport } from "./SSETransport.js";
import { createAlarm } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("./SSECursor.js").Positions} Positions */
/** @typedef {{state: "live" | "reconnecting" | "polling" | "connecting", retryAt?: number}} Standing */

/**
 * What tabs say to each other. `join`, `here` and `leave` are for the leader; all else comes from it.
 *
 * @typedef {(
 *   {do: "join", id: string, topics: string[], at: Positions} | {do: "here" | "leave", id: string, topics: string[]} |
 *   {do: "who", fresh: boolean} | {do: "apart", topics: string[]} | {do: "event", event: SSEMessage} |
 *   {do: "state", standing: Standing, topics: string[], known: Positions, seconds: number} |
 *   {do: "end", topics: string[], reason: CloseReason, known: Positions}
 * )} Word
 */

/**
 * What every tab keeps, so that any can lead: its own topics that are not over, what the leader streams, the last number
 * that was told of each topic, how the stream stands, and how often its server gives a sign.
 *
 * @typedef {{
 *   left: string[], streamed: Set<string>, known: Map<string, number>, standing: Standing, heartbeatSeconds: number
 * }} Shared
 */

/**
 * A tab that takes part: `own` are its topics, `position` where it stands in them; `say` reaches the other tabs.
 *
 * @typedef {{
 *   id: string, url: string, own: string[], shared: Shared, options: import("./SSETransport.js").TransportOptions,
 *   position: () => Positions, say: (word: Word) => void
 * }} Tab
 */

/** What the server takes in one stream. */
const MOST_TOPICS = 20;
/** How often the leader asks who is there, and how many questions a tab may leave unanswered. */
const ROLL_SECONDS = 20;
const MOST_MISSED = 3;

/**
 * Begin to lead.
 *
 * @param {Tab} tab the one that leads
 * @param {(word: Word) => void} hear reaches itself, as `tab.say` does the others
 */
export function startLeader({ id, url, shared, options, position, say }, hear) {
  const { known } = shared;
  const roll = createAlarm(options.timers);
  /** The tabs that follow. @type {Map<string, {topics: string[], missed: number}>} */
  const tabs = new Map();
  /** @type {ReturnType<typeof startTransport> | null} */
  let transport = null;
  /** What the stream that there is was opened for. @type {string[]} */
  let asked = [];

  /** @param {Word} word */
  const tell = (word) => {
    say(word);
    hear(word);
  };

  const tellState = (/** @type {Standing} */ standing = shared.standing) => {
    const topics = [...shared.streamed];
    tell({ do: "state", standing, topics, known: Object.fromEntries(known), seconds: shared.heartbeatSeconds });
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
    const wanted = [...shared.left, ...[...tabs.values()].flatMap(({ topics }) => topics)];
    shared.streamed = new Set([...shared.streamed].filter((topic) => wanted.includes(topic)));
  };

  /** Whether the tabs want different things, so that what is refused to one may be another's. */
  const isMixed = () => new Set([shared.left, ...[...tabs.values()].map(({ topics }) => topics)].map(String)).size > 1;

  /** Stream what all want from where they stand; what there was before is dropped. */
  const stream = () => {
    transport?.stop();
    const address = () => {
      asked = [...shared.streamed];
      return withTopics(url, asked, writeCursor(Object.fromEntries(known), asked));
    };
    transport = startTransport(address, {
      ...options,
      strict: () => isMixed() || !options.poll,
      onEvent: relay,
      onState: (state, retryAt) => tellState({ state, retryAt }),
      // Each tab polls for itself, where it can.
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
    if (type === "hello" && Array.isArray(event.topics)) greet(event.topics);
  };

  /** Who comes when all was told hears no last event. @param {{topic: string, seq: number, closed: boolean}[]} topics */
  const greet = (topics) => {
    for (const { topic, seq, closed } of topics) if (closed && known.get(topic) === seq) over([topic], "done");
  };

  /** @param {string[]} topics @param {CloseReason} reason */
  const over = (topics, reason) => {
    for (const topic of topics) shared.streamed.delete(topic);
    tell({ do: "end", topics, reason, known: Object.fromEntries(known) });
  };

  /** @param {CloseReason} reason */
  const ended = (reason) => {
    transport = null;
    const topics = [...shared.streamed];
    if (reason === "done" || reason === "signed_out" || !isMixed()) over(topics, reason);
    else tell({ do: "apart", topics });
  };

  /** @param {Extract<Word, {do: "join"}>} word */
  const admit = ({ id: name, topics, at }) => {
    const all = new Set([...shared.streamed, ...topics]);
    if (all.size > MOST_TOPICS && name !== id) return tell({ do: "apart", topics });
    if (name !== id) tabs.set(name, { topics, missed: 0 });
    let behind = !transport;
    for (const topic of topics) {
      const from = at[topic] ?? 0;
      if (shared.streamed.has(topic) && from >= (known.get(topic) ?? 0)) continue;
      known.set(topic, from);
      behind = true;
    }
    shared.streamed = all;
    if (behind) stream();
    else tellState();
  };

  for (const topic of shared.left) shared.streamed.add(topic);
  // What the page has is newer than what was told, where it was rendered a moment ago.
  for (const [topic, seq] of Object.entries(position())) known.set(topic, seq);
  call(true);
  stream();

  return {
    admit,
    /** @param {Word} word one that is for the leader */
    hear(word) {
      if (word.do === "join") admit(word);
      else if (word.do === "leave") dismiss(word.id);
      else if (word.do === "here") tabs.set(word.id, { topics: word.topics, missed: 0 });
    },
    stop() {
      transport?.stop();
      transport = null;
      roll.cancel();
    },
  };
}
