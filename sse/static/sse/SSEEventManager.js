/** Handlers by event, and the numbers that tell a new event from a repeated one and from one after a hole. */

import { report } from "./SSEUtils.js";

/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */
/** @typedef {(data: any) => void} Handler */

/** Create a registry of handlers. */
export function createEventManager() {
  /** @type {Map<string, Set<Handler>>} */
  const handlers = new Map();

  /** @param {string} event @param {Handler} handler */
  const off = (event, handler) => {
    handlers.get(event)?.delete(handler);
  };

  return {
    off,

    /** Call `handler` for each such event. Returns its undo. @param {string} event @param {Handler} handler */
    on(event, handler) {
      if (!handlers.has(event)) handlers.set(event, new Set());
      handlers.get(event)?.add(handler);
      return () => off(event, handler);
    },

    /** @param {string} event @param {unknown} data */
    emit(event, data) {
      // A copy: a handler may take itself off, or add another, while it runs.
      for (const handler of [...(handlers.get(event) ?? [])]) {
        try {
          handler(data);
        } catch (error) {
          report(error);
        }
      }
    },
  };
}

/**
 * Keep the last number seen of each topic.
 *
 * Numbers count 1, 2, 3 … without gaps, so one comparison says everything. After a reset the first event of a topic is
 * taken as it comes.
 */
export function createPositions() {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return {
    /** @param {string} topic @param {number} seq @returns {"next" | "repeated" | "gap"} */
    judge(topic, seq) {
      const last = seen.get(topic);
      if (last === undefined || seq === last + 1) return "next";
      return seq <= last ? "repeated" : "gap";
    },
    /** @param {string} topic @param {number} seq */
    move: (topic, seq) => void seen.set(topic, seq),
    /** @param {string} topic */
    forget: (topic) => void seen.delete(topic),
  };
}
