/** The events of a stream, by the names that the wire gives them. Made by `manage.py message_types`: change it there. */

/** @typedef {"status" | "progress" | "educational" | "complete" | "error"} NumberedName */
/** @typedef {"hello" | "heartbeat" | "reset" | "bye"} ControlName */
/** @typedef {"text" | "message"} PassingName */
/** @typedef {NumberedName | ControlName | PassingName} EventName */

/**
 * Numbered and stored. Each moves the reader's cursor, and is delivered once and in order.
 *
 * @type {readonly NumberedName[]}
 */
export const NUMBERED = Object.freeze(["status", "progress", "educational", "complete", "error"]);

/** About the stream itself: no number, no cursor. @type {readonly ControlName[]} */
export const CONTROL = Object.freeze(["hello", "heartbeat", "reset", "bye"]);

/** Live only: seen or missed, never repeated. @type {readonly PassingName[]} */
export const PASSING = Object.freeze(["text", "message"]);

/**
 * Every name a stream may use. Others are ignored, so that a newer server does not break an older page.
 *
 * @type {readonly EventName[]}
 */
export const WIRE = Object.freeze([...NUMBERED, ...CONTROL, ...PASSING]);

/**
 * Anything that a stream tells, in its one JSON form. Unknown members are to be ignored.
 *
 * @typedef {{
 *   type: string,
 *   topic?: string,
 *   seq?: number,
 *   timestamp?: string,
 *   final?: boolean,
 *   status?: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled",
 *   reason?: string,
 *   attempt?: number,
 *   step?: number,
 *   step_key?: string,
 *   steps?: number,
 *   progress?: number,
 *   message?: string,
 *   phase?: "running" | "done",
 *   educational_content?: {title?: string, description?: string, insight?: string, estimated_time?: string, details?: string[], achievement?: string, next_step?: string},
 *   result_url?: string,
 *   error?: {code?: string, message?: string, step_key?: string | null, retryable?: boolean} | null,
 *   text?: string,
 *   retry?: number,
 *   cursor?: string | number,
 *   heartbeat_seconds?: number,
 *   level?: string,
 *   [member: string]: unknown
 * }} SSEMessage
 */

/**
 * A numbered event.
 *
 * @typedef {SSEMessage & {type: NumberedName, topic: string, seq: number, timestamp: string}} SSEEvent
 */
