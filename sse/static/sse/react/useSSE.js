"use client";
/** A React hook for streams: components that ask for the same one share a connection. React 18 or newer. */

import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";

import { SSEConnection } from "../SSEConnection.js";
import { NUMBERED, PASSING } from "../SSEMessageTypes.js";
import { SSEClosed } from "../SSEStates.js";

/** @typedef {import("../SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {import("../SSEOptions.js").SSEOptions} SSEOptions */

/** @typedef {import("../SSEStates.js").ConnectionState} ConnectionState */

/**
 * `data`: the latest event. `error`: why it is over, where that is not the last event or the component's own wish. `state`:
 * what the connection is doing; `closed` without an error is the end.
 *
 * @typedef {{data: SSEMessage | null, error: SSEClosed | null, isConnected: boolean, state: ConnectionState}} Snapshot
 */

/** @type {Snapshot} */
const NOTHING = { data: null, error: null, isConnected: false, state: "idle" };
const nothing = () => NOTHING;
const TYPES = [...NUMBERED, ...PASSING];
/** Milliseconds in which another component may take over what one has left. */
const LINGER = 200;

/** @type {Map<string, ReturnType<typeof begin>>} */
const shared = new Map();

/** @param {string} url @param {SSEOptions} options */
function begin(url, options) {
  const connection = new SSEConnection(url, options);
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @type {{connection: SSEConnection, listeners: Set<() => void>, snapshot: Snapshot, timer?: any}} */
  const one = { connection, listeners, snapshot: NOTHING };
  const change = (/** @type {Partial<Snapshot>} */ news) => {
    one.snapshot = { ...one.snapshot, ...news };
    for (const listener of listeners) listener();
  };
  for (const type of TYPES) connection.on(type, (data) => change({ data }));
  connection.on("state", ({ state, reason }) => {
    const error = !reason || reason === "done" || reason === "client" ? null : new SSEClosed(reason);
    change({ error, isConnected: connection.isConnected(), state });
  });
  connection.connect();
  return one;
}

/**
 * Follow a stream for as long as the component is there. Nothing is opened while rendering, nor on a server.
 *
 * @param {string | null | undefined} url without one nothing is followed
 * @param {SSEOptions & {onEvent?: (event: SSEMessage) => void}} [options] `onEvent` is called for each event: React may
 *   skip a render between two that come at once, so `data` alone may not show all. The first component of those that share
 *   says where to begin (`lastEventId`).
 * @returns {Snapshot & {reconnect: () => Promise<void>}}
 */
export function useSSE(url, { onEvent, lastEventId, ...options } = {}) {
  const key = url ? JSON.stringify([url, options]) : "";
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });

  const subscribe = useCallback(
    (/** @type {() => void} */ notify) => {
      if (!url) return () => {};
      const one = shared.get(key) ?? begin(url, { ...options, lastEventId });
      shared.set(key, one);
      clearTimeout(one.timer);
      one.listeners.add(notify);
      const undo = TYPES.map((type) => one.connection.on(type, (event) => latest.current?.(event)));
      return () => {
        for (const off of undo) off();
        one.listeners.delete(notify);
        if (one.listeners.size) return;
        one.timer = setTimeout(() => {
          shared.delete(key);
          one.connection.disconnect();
        }, LINGER);
      };
    },
    [key],
  );
  const snapshot = useSyncExternalStore(subscribe, () => shared.get(key)?.snapshot ?? NOTHING, nothing);
  // The connection's own promise: it is over where nobody waits for it, too, and no browser complains of that.
  const reconnect = useCallback(() => shared.get(key)?.connection.reconnect() ?? Promise.resolve(), [key]);
  return { ...snapshot, reconnect };
}
