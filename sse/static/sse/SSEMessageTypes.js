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
 * What a connection is doing.
 *
 * - `idle`: not started
 * - `connecting`: on its way for the first time
 * - `live`: events arrive as they happen
 * - `polling`: the stream cannot be had; events are fetched, and the stream is tried again now and then
 * - `reconnecting`: nothing arrives; the next attempt is timed (`retryAt`)
 * - `closed`: over, for the reason given
 *
 * @typedef {"idle" | "connecting" | "live" | "polling" | "reconnecting" | "closed"} ConnectionState
 */

/**
 * Why a connection is closed: the last event was read; no longer signed in; not allowed; no such topic any more; the
 * request itself is wrong; or the page closed it.
 *
 * @typedef {"done" | "signed_out" | "forbidden" | "gone" | "refused" | "client"} CloseReason
 */

/**
 * @typedef {{state: ConnectionState, reason: CloseReason | null, retryAt: number | null}} StateChange
 *   `retryAt`: when the next attempt is due, in milliseconds since 1970.
 */

/**
 * An event in its one JSON form.
 *
 * @typedef {{
 *   type: string, topic?: string, seq?: number, timestamp?: string, final?: boolean, status?: string, reason?: string,
 *   step?: number, step_key?: string, steps?: number, progress?: number, message?: string, result_url?: string,
 *   retry?: number, cursor?: string | number, [member: string]: unknown
 * }} SSEMessage
 */

/** A connection that ended for good before it was up, or that has nothing more to wait for. */
export class SSEClosed extends Error {
  /** @param {CloseReason} reason */
  constructor(reason) {
    super(`The connection is closed: ${reason}.`);
    this.name = "SSEClosed";
    /** @type {CloseReason} */
    this.reason = reason;
  }
}
