export { SSEConnection } from "./SSEConnection.js";
export { SSEClosed } from "./SSEStates.js";
/**
 * What others may import.
 */
export type SSEOptions = import("./SSEOptions.js").SSEOptions;
/**
 * What others may import.
 */
export type EventName = import("./SSEMessageTypes.js").EventName;
/**
 * What others may import.
 */
export type SSEEvent = import("./SSEMessageTypes.js").SSEEvent;
/**
 * What others may import.
 */
export type SSEMessage = import("./SSEMessageTypes.js").SSEMessage;
/**
 * What others may import.
 */
export type CloseReason = import("./SSEStates.js").CloseReason;
/**
 * What others may import.
 */
export type ConnectionState = import("./SSEStates.js").ConnectionState;
/**
 * What others may import.
 */
export type StateChange = import("./SSEStates.js").StateChange;
export { CONTROL, NUMBERED, PASSING, WIRE } from "./SSEMessageTypes.js";
