/** The events of a stream, by the names that the wire gives them. */

/** Numbered and stored. Each moves the reader's cursor, and is delivered once and in order. */
export const NUMBERED = Object.freeze(["status", "progress", "educational", "complete", "error"]);

/** About the stream itself: no number, no cursor. */
export const CONTROL = Object.freeze(["hello", "heartbeat", "reset", "bye"]);

/** Live only: seen or missed, never repeated. */
export const PASSING = Object.freeze(["text", "message"]);

/** Every name a stream may use. Others are ignored, so that a newer server does not break an older page. */
export const WIRE = Object.freeze([...NUMBERED, ...CONTROL, ...PASSING]);

/**
 * An event in its one JSON form.
 *
 * @typedef {{
 *   type: string, topic?: string, seq?: number, timestamp?: string, final?: boolean, status?: string, reason?: string,
 *   step?: number, step_key?: string, steps?: number, progress?: number, message?: string, result_url?: string,
 *   retry?: number, cursor?: string | number, [member: string]: unknown
 * }} SSEMessage
 */
