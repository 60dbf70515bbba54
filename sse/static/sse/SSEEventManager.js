/** Handlers by event. */

import { report } from "./SSEUtils.js";

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
