/**
 * One timer that is set and set again; there is never a second one to forget.
 *
 * @param {Timers} timers
 */
export function createAlarm(timers: Timers): {
    cancel: () => void;
    /** @param {number} milliseconds @param {() => void} run */
    set(milliseconds: number, run: () => void): void;
};
/**
 * A promise with its two ends.
 *
 * @returns {{promise: Promise<void>, resolve: () => void, reject: (error: Error) => void}}
 */
export function deferred(): {
    promise: Promise<void>;
    resolve: () => void;
    reject: (error: Error) => void;
};
/** Split an address in its path and its query; what comes after `#` is no server's business. @param {string} url */
export function split(url: string): {
    path: string;
    search: URLSearchParams;
};
/**
 * Return `url` with these query parameters set; empty ones are left out.
 *
 * @param {string} url
 * @param {Record<string, string | number | string[]>} parameters
 */
export function withQuery(url: string, parameters: Record<string, string | number | string[]>): string;
/**
 * Read a `Retry-After` header: seconds or a date. Returns milliseconds; 0 where there is none or it makes no sense.
 *
 * @param {string | null} header
 * @param {number} now
 */
export function retryAfter(header: string | null, now: number): number;
/**
 * Read one JSON object; null where the text is none.
 *
 * @param {string} text
 * @returns {Record<string, any> | null}
 */
export function readObject(text: string): Record<string, any> | null;
/** Tell the console of a handler's error without stopping those who wait for the next event. @param {unknown} error */
export function report(error: unknown): void;
/** Read a cookie that scripts may see, such as Django's `csrftoken`. @param {string} name */
export function cookie(name: string): string;
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
export const realTimers: Timers;
/**
 * Timers and the clock, replaceable in tests.
 */
export type Timers = {
    setTimeout: (run: () => void, milliseconds: number) => unknown;
    clearTimeout: (timer: any) => void;
    now: () => number;
};
