/** What a connection can be doing, and why it can be over. */

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

/** A connection that ended for good before it was up. */
export class SSEClosed extends Error {
  /** @param {CloseReason} reason */
  constructor(reason) {
    super(`The connection is closed: ${reason}.`);
    this.name = "SSEClosed";
    /** @type {CloseReason} */
    this.reason = reason;
  }
}
