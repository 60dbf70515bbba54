/** What a browser keeps for a page. Where it is told to keep nothing it throws, and then a page forgets, but works. */

/** @param {"localStorage" | "sessionStorage"} name @returns {Pick<Storage, "getItem" | "setItem" | "removeItem">} */
export function kept(name) {
  /** @type {Map<string, string>} */
  const here = new Map();
  try {
    return globalThis[name];
  } catch {
    return {
      getItem: (key) => here.get(key) ?? null,
      setItem: (key, value) => void here.set(key, value),
      removeItem: (key) => void here.delete(key),
    };
  }
}
