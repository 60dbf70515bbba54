/** Small tools that more than one module of this folder uses. */

/**
 * Timers and the clock, replaceable in tests.
 *
 * @typedef {{
 *   setTimeout: (run: () => void, milliseconds: number) => unknown,
 *   clearTimeout: (timer: any) => void,
 *   now: () => number
 * }} Timers
 */

/** @type {Timers} */
export const realTimers = Object.freeze({
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer),
  now: () => Date.now(),
});

/**
 * One timer that is set and set again; there is never a second one to forget.
 *
 * @param {Timers} timers
 */
export function createAlarm(timers) {
  /** @type {unknown} */
  let timer = null;
  const cancel = () => {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  };
  return {
    cancel,
    /** @param {number} milliseconds @param {() => void} run */
    set(milliseconds, run) {
      cancel();
      const ring = () => {
        timer = null;
        run();
      };
      // A browser's timer that is set for longer runs out at once.
      timer = timers.setTimeout(ring, Math.min(milliseconds, 2 ** 31 - 1));
    },
  };
}

/**
 * A promise with its two ends.
 *
 * @returns {{promise: Promise<void>, resolve: () => void, reject: (error: Error) => void}}
 */
export function deferred() {
  let resolve = () => {};
  /** @type {(error: Error) => void} */
  let reject = () => {};
  const promise = new Promise((/** @type {(value?: undefined) => void} */ yes, no) => {
    resolve = () => yes();
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Split an address in its path and its query; what comes after `#` is no server's business. @param {string} url */
export function split(url) {
  const [, path, query] = /** @type {RegExpExecArray} */ (/^([^?#]*)\??([^#]*)/.exec(url));
  return { path, search: new URLSearchParams(query) };
}

/**
 * Return `url` with these query parameters set; empty ones are left out.
 *
 * @param {string} url
 * @param {Record<string, string | number | string[]>} parameters
 */
export function withQuery(url, parameters) {
  const { path, search } = split(url);
  for (const [name, values] of Object.entries(parameters)) {
    search.delete(name);
    for (const value of [values].flat()) if (value !== "") search.append(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * Read a `Retry-After` header: seconds or a date. Returns milliseconds; 0 where there is none or it makes no sense.
 *
 * @param {string | null} header
 * @param {number} now
 */
export function retryAfter(header, now) {
  if (!header) return 0;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}

/**
 * Read one JSON object; null where the text is none.
 *
 * @param {string} text
 * @returns {Record<string, any> | null}
 */
export function readObject(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Tell the console of a handler's error without stopping those who wait for the next event. @param {unknown} error */
export function report(error) {
  (globalThis.reportError ?? console.error)(error);
}

/** Read a cookie that scripts may see, such as Django's `csrftoken`. @param {string} name */
export function cookie(name) {
  if (typeof document === "undefined") return "";
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
