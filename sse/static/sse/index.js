/**
 * What others may import.
 *
 * @typedef {import("./SSEOptions.js").SSEOptions} SSEOptions
 * @typedef {import("./SSEMessageTypes.js").EventName} EventName
 * @typedef {import("./SSEMessageTypes.js").SSEEvent} SSEEvent
 * @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage
 * @typedef {import("./SSEStates.js").CloseReason} CloseReason
 * @typedef {import("./SSEStates.js").ConnectionState} ConnectionState
 * @typedef {import("./SSEStates.js").StateChange} StateChange
 */

export { SSEConnection } from "./SSEConnection.js";
export { CONTROL, NUMBERED, PASSING, WIRE } from "./SSEMessageTypes.js";
export { SSEClosed } from "./SSEStates.js";
