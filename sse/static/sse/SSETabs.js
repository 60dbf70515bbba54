/** One stream for all tabs of a user. */

export { startTransport as startShared } from "./SSETransport.js";
