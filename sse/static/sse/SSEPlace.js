/** Where a connection stands: the numbers that tell a new event from a repeated one and from one after a hole. */

import { readCursor } from "./SSECursor.js";

/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */

/**
 * Keep the last number of each topic, and the cursor to ask on from.
 *
 * Numbers count 1, 2, 3 … without gaps, so one comparison says everything. After a reset the first event of a topic is
 * taken as it comes.
 *
 * @param {string[]} topics
 * @param {string} cursor of what is known already
 * @param {{resume: () => boolean, onHole: (topic: string) => void}} ways `resume` asks again, where it can
 */
export function createPlace(topics, cursor, { resume, onHole }) {
  const begun = readCursor(cursor, topics);
  /** What a cursor does not name is sent from its beginning. */
  const seen = new Map(topics.map((topic) => [topic, begun[topic] ?? 0]));
  /** A hole that was met before: asking again did not fill it. */
  let knownHole = "";

  /** @param {string} hole */
  const isMending = (hole) => {
    if (knownHole === hole) return false;
    knownHole = hole;
    return resume();
  };

  return {
    get cursor() {
      return cursor;
    },

    /** Polling names the place itself. @param {string | number} to */
    move: (to) => void (cursor = String(to)),

    /** What was asked for is no longer there: go on from where the server says. @param {SSEMessage} event */
    reset(event) {
      if (event.topic) seen.delete(event.topic);
      if (event.cursor !== undefined) cursor = String(event.cursor);
    },

    /**
     * Take a numbered event, if it is the next. Something that was lost on the way is asked for again, once: the server
     * has it, or has nothing to fill the hole with.
     *
     * @param {SSEMessage} event
     * @param {string} id the cursor after it, where the stream named one
     * @returns {boolean} whether to deliver it
     */
    take({ topic = "", seq = 0 }, id) {
      const last = seen.get(topic) ?? seq - 1;
      if (seq <= last) return false;
      if (seq > last + 1) {
        if (isMending(`${topic} ${seq}`)) return false;
        onHole(topic);
      }
      seen.set(topic, seq);
      if (id) cursor = id;
      return true;
    },
  };
}
