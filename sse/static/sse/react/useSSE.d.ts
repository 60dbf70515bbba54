/**
 * Follow a stream for as long as the component is there. Nothing is opened while rendering, nor on a server.
 *
 * @param {string | null | undefined} url without one nothing is followed
 * @param {SSEOptions & {onEvent?: (event: SSEMessage) => void}} [options] `onEvent` is called for each event: React may
 *   skip a render between two that come at once, so `data` alone may not show all. The first component of those that share
 *   says where to begin (`lastEventId`).
 * @returns {Snapshot & {reconnect: () => Promise<void>}}
 */
export function useSSE(url: string | null | undefined, { onEvent, lastEventId, ...options }?: SSEOptions & {
    onEvent?: (event: SSEMessage) => void;
}): Snapshot & {
    reconnect: () => Promise<void>;
};
export type SSEMessage = import("../SSEMessageTypes.js").SSEMessage;
export type SSEOptions = import("../SSEOptions.js").SSEOptions;
export type ConnectionState = import("../SSEStates.js").ConnectionState;
/**
 * `data`: the latest event. `error`: why it is over, where that is not the last event or the component's own wish. `state`:
 * what the connection is doing; `closed` without an error is the end.
 */
export type Snapshot = {
    data: SSEMessage | null;
    error: SSEClosed | null;
    isConnected: boolean;
    state: ConnectionState;
};
import { SSEClosed } from "../SSEStates.js";
