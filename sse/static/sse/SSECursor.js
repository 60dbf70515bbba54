/**
 * Where a reader stands in its topics, as the server writes it: `7` in one topic, `job:a=7,user:3=12` in several.
 *
 * Whoever only comes back with what it was given need not look into a cursor. Tabs that share one stream must: each has a
 * cursor of its own.
 */

import { split, withQuery } from "./SSEUtils.js";

/** @typedef {Record<string, number>} Positions */

/** The topics that a stream's address asks for. @param {string} url */
export function topicsOf(url) {
  return split(url).search.getAll("topic");
}

/**
 * Read a cursor; a topic that it does not name is left out, and so is what makes no sense.
 *
 * @param {string} cursor
 * @param {string[]} topics
 * @returns {Positions}
 */
export function readCursor(cursor, topics) {
  const parts = cursor.includes("=") || topics.length !== 1 ? cursor.split(",") : [`${topics[0]}=${cursor}`];
  /** @type {Positions} */
  const positions = {};
  for (const part of parts) {
    const [topic, number] = part.split("=");
    if (topics.includes(topic) && /^\d+$/.test(number)) positions[topic] = Number(number);
  }
  return positions;
}

/** @param {Positions} positions @param {string[]} topics */
export function writeCursor(positions, topics) {
  if (topics.length === 1) return String(positions[topics[0]] ?? "");
  return topics.flatMap((topic) => (topic in positions ? `${topic}=${positions[topic]}` : [])).join(",");
}

/**
 * Return a stream's address with these topics, from this cursor, in place of its own.
 *
 * @param {string} url
 * @param {string[]} topics
 */
export function withTopics(url, topics, cursor = "") {
  return withQuery(url, { topic: topics, lastEventId: cursor });
}
