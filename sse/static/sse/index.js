/** What others may import. */

export { SSEConnection } from "./SSEConnection.js";
export { CONTROL, NUMBERED, PASSING, WIRE } from "./SSEMessageTypes.js";
export { SSEClosed } from "./SSEStates.js";
