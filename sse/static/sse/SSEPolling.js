/** The same events without a stream: by long-polling, and where that fails too, every ten seconds. */

import { createAlarm, retryAfter, withQuery } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */

/**
 * @typedef {{
 *   events: SSEMessage[], cursor: string | number, final: boolean, more?: boolean, reset?: SSEMessage | null
 * }} Answer
 */

/**
 * @typedef {{
 *   fetch: typeof globalThis.fetch,
 *   timers: import("./SSEUtils.js").Timers,
 *   cursor: () => string,
 *   onAnswer: (answer: Answer) => void,
 *   onTrouble: (retryAt: number) => void,
 *   onStop: (reason: CloseReason) => void,
 *   plain?: boolean
 * }} PollingOptions
 *   `plain`: never wait for news, ask every ten seconds.
 */

/** Statuses after which asking again is pointless. @type {Record<number, CloseReason>} */
const STOPS = { 401: "signed_out", 403: "forbidden", 404: "gone", 410: "gone" };

/** How long a server may wait for news; how long between plain requests; the least between any that bring nothing. */
const WAIT_SECONDS = 25;
const SLOW_SECONDS = 10;
const REST_SECONDS = 1;

/** A minute of plain polling before a long poll is tried again. */
const PLAIN_AFTER_FAILURE = 6;

/** An answer that is none: for good, for a reason; or for now, with the time that the server asked for. */
class Refusal extends Error {
  /** @param {number} after @param {CloseReason} [reason] */
  constructor(after, reason) {
    super("no answer");
    this.after = after;
    this.reason = reason;
  }
}

/**
 * Start to poll `url`; `cursor` is asked before each request, so the loop follows whoever else delivers events.
 *
 * @param {string} url
 * @param {PollingOptions} options
 * @returns {() => void} stop
 */
export function startPolling(url, options) {
  const { fetch, timers, cursor, onAnswer, onTrouble, onStop } = options;
  const stop = new AbortController();
  const pause = createAlarm(timers);
  // Requests to come that do not wait for news: the first, which tells at once whether polling works, and some after a
  // long one that failed, as behind a proxy that cuts what takes long.
  let plain = options.plain ? Infinity : 1;

  /** @param {number} wait in seconds; 0: answer at once @returns {Promise<Answer>} */
  const ask = async (wait) => {
    const abort = new AbortController();
    const { signal } = abort;
    const giveUp = () => abort.abort();
    const limit = createAlarm(timers);
    limit.set((wait + 10) * 1000, giveUp);
    stop.signal.addEventListener("abort", giveUp, { signal });
    try {
      const address = withQuery(url, { after: cursor(), wait: wait || "" });
      const response = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", signal });
      const after = retryAfter(response.headers.get("Retry-After"), timers.now());
      if (!response.ok) throw new Refusal(after, STOPS[response.status]);
      const answer = await response.json();
      if (!Array.isArray(answer?.events)) throw new Refusal(0);
      return answer;
    } finally {
      limit.cancel();
      giveUp();
    }
  };

  /** @param {CloseReason} reason */
  const end = (reason) => {
    onStop(reason);
    return null;
  };

  /** One request and what it calls for. Returns the milliseconds until the next one, or null when it was the last. */
  const round = async () => {
    const wait = plain > 0 ? 0 : WAIT_SECONDS;
    const begun = timers.now();
    const from = cursor();
    try {
      const answer = await ask(wait);
      if (stop.signal.aborted) return null;
      onAnswer(answer);
      if (stop.signal.aborted) return null;
      const isNew = cursor() !== from;
      if (answer.more && isNew) return 0;
      if (answer.final) return end("done");
      plain = Math.max(0, plain - 1);
      if (plain > 0) return SLOW_SECONDS * 1000;
      // A server that answers long polls at once, and with nothing new, must not be asked in a tight loop.
      return isNew || timers.now() - begun > REST_SECONDS * 1000 ? 0 : REST_SECONDS * 1000;
    } catch (error) {
      if (stop.signal.aborted) return null;
      const { after, reason } = error instanceof Refusal ? error : new Refusal(0);
      if (reason) return end(reason);
      plain = Math.max(plain, PLAIN_AFTER_FAILURE);
      const rest = Math.max(REST_SECONDS * 1000, after);
      if (wait > 0) return rest;
      // From its beginning: whoever got no answer at all has waited already. A browser keeps several connections, and
      // each may be dead without knowing.
      const due = Math.max(begun + SLOW_SECONDS * 1000, timers.now() + rest);
      onTrouble(due);
      return due - timers.now();
    }
  };

  const run = async () => {
    const after = await round();
    if (after === null || stop.signal.aborted) return;
    pause.set(after, () => void run());
  };

  void run();
  return () => {
    pause.cancel();
    stop.abort();
  };
}
