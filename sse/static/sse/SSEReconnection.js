/** When to try again, and whether it makes sense to. */

import { createAlarm, retryAfter } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEUtils.js").Timers} Timers */

const MOST = 30_000;

/**
 * Waits of 1, 2, 4, 8 … at most 30 s, each a quarter longer or shorter by chance, so that a thousand readers whose
 * server went away do not come back in one instant.
 *
 * @param {{random?: (() => number) | undefined}} [options]
 */
export function createBackoff({ random = Math.random } = {}) {
  let attempts = 0;
  return {
    get attempts() {
      return attempts;
    },
    /** Count one more failure and return how long to wait after it, in milliseconds. */
    next() {
      const wait = Math.min(MOST, 1000 * 2 ** attempts);
      attempts += 1;
      return Math.min(MOST, wait * (0.75 + random() / 2));
    },
    reset() {
      attempts = 0;
    },
  };
}

/**
 * What a refusal means for the next attempt: over for good, not by streaming for now, or simply later.
 *
 * @typedef {{then: "stop", reason: CloseReason} | {then: "fall back" | "retry", after: number}} Verdict
 */

/**
 * What the server said in place of a stream: its status (0: the network, not the server), its content type, and how many
 * milliseconds it asks to wait.
 *
 * @typedef {{status: number, type: string, after: number}} Answer
 */

/**
 * Judge the answer that an EventSource could not show.
 *
 * "Any other HTTP response code or Content-Type … will cause the user agent to fail the connection": after that a
 * browser never tries again, and never says why.
 *
 * @param {Answer} answer
 * @param {boolean} canPoll
 * @returns {Verdict}
 */
export function judge({ status, type, after }, canPoll) {
  if (status === 204) return { then: "stop", reason: "done" };
  if (status === 401) return { then: "stop", reason: "signed_out" };
  if (status === 403) return { then: "stop", reason: "forbidden" };
  if (status === 410) return { then: "stop", reason: "gone" };
  // A proxy that does not know the stream's path answers 404 too. Polling asks the same question elsewhere.
  if (status === 404) return canPoll ? { then: "fall back", after } : { then: "stop", reason: "gone" };
  if (status === 429 || status === 503) return { then: "fall back", after };
  // A server that cannot stream, as under WSGI, learns it by no second try.
  if (status === 501) return { then: "fall back", after: MOST };
  if (status === 200) return { then: type.startsWith("text/event-stream") ? "retry" : "fall back", after };
  if (status >= 500 || status < 400) return { then: "retry", after };
  return canPoll ? { then: "fall back", after } : { then: "stop", reason: "refused" };
}

/**
 * Ask by `fetch` what the stream's address answers, and hang up at once.
 *
 * @param {string} url
 * @param {{fetch: typeof globalThis.fetch, timers: Timers, seconds?: number}} options
 */
export async function probe(url, { fetch, timers, seconds = 10 }) {
  const abort = new AbortController();
  const alarm = createAlarm(timers);
  alarm.set(seconds * 1000, () => abort.abort());
  try {
    const headers = { Accept: "text/event-stream" };
    const answer = await fetch(url, { headers, cache: "no-store", signal: abort.signal });
    const after = retryAfter(answer.headers.get("Retry-After"), timers.now());
    return { status: answer.status, type: answer.headers.get("Content-Type") ?? "", after };
  } catch {
    return { status: 0, type: "", after: 0 };
  } finally {
    alarm.cancel();
    abort.abort();
  }
}

/** Later than by as much, a timer was not merely held up. In milliseconds. */
const TICK = 15_000;

/**
 * Call `handler` when the page is looked at again, or comes back from the cache, from sleep or online: timers may have
 * stood still.
 *
 * @param {() => void} handler
 * @param {Timers} timers
 * @param {() => void} [suspend] called when the page is stored or frozen
 * @returns {() => void} its undo
 */
export function onWake(handler, timers, suspend = () => {}) {
  const alarm = createAlarm(timers);
  const stop = new AbortController();
  const { signal } = stop;
  const watch = () => {
    const due = timers.now() + TICK;
    alarm.set(TICK, () => {
      // A machine that slept tells nobody, but its clock went on.
      if (timers.now() - due > TICK) handler();
      if (!signal.aborted) watch();
    });
  };
  watch();
  if (typeof window !== "undefined" && typeof document !== "undefined") {
    window.addEventListener("online", handler, { signal });
    window.addEventListener("pageshow", (event) => event.persisted && handler(), { signal });
    window.addEventListener("pagehide", suspend, { signal });
    document.addEventListener("freeze", suspend, { signal });
    document.addEventListener("resume", handler, { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && handler(), { signal });
  }
  return () => {
    alarm.cancel();
    stop.abort();
  };
}
