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

import { readCursor, topicsOf, withTopics } from "./SSECursor.js";
import { createFollower } from "./SSEFollower.js";
import { startLeader } from "./SSELeader.js";
import { onWake } from "./SSEReconnection.js";
import { createSeat } from "./SSESeat.js";
import { startTransport } from "./SSETransport.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSELeader.js").Word} Word */

/**
 * @typedef {import("./SSETransport.js").TransportOptions & {
 *   user?: string | number, locks?: LockManager, BroadcastChannel?: typeof globalThis.BroadcastChannel
 * }} SharedOptions
 */

/**
 * Take part; the same to its caller as `startTransport`.
 *
 * @param {() => string} address
 * @param {SharedOptions} options `user`, `locks` and `BroadcastChannel` are there
 */
export function startShared(address, options) {
  const { timers, helloSeconds, random, user } = options;
  const locks = /** @type {LockManager} */ (options.locks);
  const Channel = /** @type {typeof globalThis.BroadcastChannel} */ (options.BroadcastChannel);
  try {
    new Channel("sse").close();
  } catch {
    // Refused, as by Firefox where it blocks what sites store: a stream of one's own.
    return startTransport(address, options);
  }
  const url = address();
  const own = topicsOf(url);

  /** Whether the stream is shared only with tabs of the very same topics. */
  let apart = false;
  let running = true;
  /** None while the page is stored or frozen. @type {BroadcastChannel | null} */
  let channel = null;
  /** @type {ReturnType<typeof startLeader> | null} */
  let leader = null;

  // --- what is said, and what is heard -------------------------------------------------------------------------------

  /** @type {import("./SSELeader.js").Tab} */
  const tab = {
    // Not randomUUID, which plain HTTP has only on localhost.
    id: String(Math.random()),
    url,
    own,
    options,
    position: () => readCursor(options.cursor(), own),
    say: (word) => channel?.postMessage(word),
    shared: {
      left: [...own],
      streamed: new Set(),
      known: new Map(),
      standing: { state: "connecting" },
      heartbeatSeconds: 0,
    },
  };
  const { id, position, say, shared } = tab;

  const join = () => {
    /** @type {Extract<Word, {do: "join"}>} */
    const word = { do: "join", id, topics: shared.left, at: position() };
    if (leader) leader.admit(word);
    else say(word);
  };

  /** What the leader says. @param {Word} word */
  const hear = (word) => void (channel && follower.hear(word));

  const seat = createSeat({
    locks,
    timers,
    random,
    firstSeconds: helloSeconds,
    lead() {
      const leading = (leader = startLeader(tab, hear));
      return () => {
        leader = null;
        leading.stop();
      };
    },
  });

  // --- coming and going ----------------------------------------------------------------------------------------------

  const enter = () => {
    shared.standing = { state: "connecting" };
    const name = `sse:${user}:${withTopics(url, apart ? own : [])}`;
    channel = new Channel(name);
    channel.onmessage = ({ data: word }) => (leader ? leader.hear(word) : hear(word));
    seat.claim(name);
    join();
  };

  /** Leave the others alone. @param {boolean} [suspended] a page that is stored or frozen must hold neither lock nor channel */
  const leave = (suspended) => {
    say({ do: "leave", id, topics: own });
    const left = channel;
    channel = null;
    seat.leave(suspended);
    follower.stop();
    left?.close();
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
    undoWake();
  };

  /** @param {CloseReason} reason */
  const end = (reason) => {
    if (!running) return;
    stop();
    options.onEnd(reason);
  };

  const wake = () => {
    if (channel) return seat.check();
    options.onState("reconnecting");
    enter();
  };

  const follower = createFollower(tab, { leads: seat.isTaken, expect: seat.expect, join, goApart, end });
  const undoWake = onWake(wake, timers, () => void (channel && leave(true)));
  enter();
  return {
    stop,
    /** A number is missing: ask again from the cursor. */
    resume() {
      if (follower.isPolling()) return false;
      join();
      return true;
    },
  };
}
