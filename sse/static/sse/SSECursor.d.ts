/** @typedef {Record<string, number>} Positions */
/** The topics that a stream's address asks for. @param {string} url */
export function topicsOf(url: string): string[];
/**
 * Read a cursor; a topic that it does not name is left out, and so is what makes no sense.
 *
 * @param {string} cursor
 * @param {string[]} topics
 * @returns {Positions}
 */
export function readCursor(cursor: string, topics: string[]): Positions;
/** @param {Positions} positions @param {string[]} topics */
export function writeCursor(positions: Positions, topics: string[]): string;
/**
 * Return a stream's address with these topics, from this cursor, in place of its own.
 *
 * @param {string} url
 * @param {string[]} topics
 */
export function withTopics(url: string, topics: string[], cursor?: string): string;
export type Positions = Record<string, number>;
