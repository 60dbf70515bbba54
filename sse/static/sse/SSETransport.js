/** Keeps events coming: by stream; where that cannot be had, by polling; and back to the stream later. */

import { startPolling } from "./SSEPolling.js";
import { createBackoff, judge, onWake, probe } from "./SSEReconnection.js";
import { openStream } from "./SSEStream.js";
import { createAlarm, withQuery } from "./SSEUtils.js";

/** @typedef {import("./SSEMessageTypes.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */

/**
 * @typedef {{
 *   pollUrl?: string,
 *   helloSeconds: number,
 *   silenceFactor: number,
 *   stableSeconds: number,
 *   failuresBeforePolling: number,
 *   probeSeconds: number,
 *   EventSource?: typeof globalThis.EventSource,
 *   fetch: typeof globalThis.fetch,
 *   timers: import("./SSEUtils.js").Timers,
 *   random?: () => number,
 *   cursor: () => string,
 *   onEvent: (event: SSEMessage, id: string) => void,
 *   onAnswer: (answer: import("./SSEPolling.js").Answer) => void,
 *   onState: (state: "live" | "polling" | "reconnecting", retryAt?: number) => void,
 *   onEnd: (reason: CloseReason) => void
 * }} TransportOptions `cursor` is asked before each request; `onEnd` is called at most once, and never after `stop`
 */

/** What `bye` means when it is not an invitation to come back. @type {Record<string, CloseReason>} */
const FAREWELLS = { done: "done", gone: "gone", signed_out: "signed_out" };

/**
 * Start at once.
 *
 * @param {string} url
 * @param {TransportOptions} options
 */
export function startTransport(url, options) {
  const { timers, pollUrl, cursor, onState } = options;
  const backoff = createBackoff({ random: options.random });
  const retry = createAlarm(timers);
  /** @type {ReturnType<typeof openStream> | null} */
  let stream = null;
  /** @type {(() => void) | null} */
  let stopPolling = null;
  let running = true;
  let liveSince = Infinity;
  // When the server asked not to be tried before.
  let notBefore = 0;

  const address = () => withQuery(url, { lastEventId: cursor() });

  const attempt = () => {
    retry.cancel();
    if (!options.EventSource) return fallBack(0);
    stream = openStream(address(), { ...options, EventSource: options.EventSource, onEvent: receive, onLost: lost });
  };

  /** @param {SSEMessage} event @param {string} id */
  const receive = (event, id) => {
    if (event.type === "hello") greeted();
    options.onEvent(event, id);
    if (event.type === "bye" && running) farewell(event);
  };

  const greeted = () => {
    stopPolling?.();
    stopPolling = null;
    liveSince = timers.now();
    onState("live");
  };

  /** @param {SSEMessage} event */
  const farewell = ({ reason = "", retry: wait }) => {
    if (reason in FAREWELLS) return end(FAREWELLS[reason]);
    stream?.close();
    stream = null;
    later(wait ?? backoff.next(), 0);
  };

  /** @param {import("./SSEStream.js").Loss} loss */
  const lost = async (loss) => {
    stream = null;
    // Short waits again only for a server that has kept a stream for a while: one that breaks each of them after a
    // moment would be hammered otherwise.
    if (timers.now() - liveSince > options.stableSeconds * 1000) backoff.reset();
    liveSince = Infinity;
    if (loss === "no hello") return fallBack(0);
    if (loss !== "refused") return tryAgain(0);
    const verdict = judge(await probe(address(), options), Boolean(pollUrl));
    // Stopped, or tried again, while the answer was on its way.
    if (!running || stream) return;
    if (verdict.then === "stop") end(verdict.reason);
    else if (verdict.then === "fall back") fallBack(verdict.after);
    else tryAgain(verdict.after);
  };

  /** @param {number} after the server's wish, in milliseconds */
  const tryAgain = (after) => {
    const wait = Math.max(backoff.next(), after);
    if (pollUrl && (stopPolling || backoff.attempts >= options.failuresBeforePolling)) poll(pollUrl, wait);
    else later(wait, after);
  };

  /** Streams cannot be had for now. @param {number} after the server's wish, in milliseconds */
  const fallBack = (after) => {
    if (pollUrl) poll(pollUrl, Math.max(options.probeSeconds * 1000, after));
    else later(Math.max(backoff.next(), after), after);
  };

  /** @param {number} wait in milliseconds @param {number} after the part of it that the server asked for */
  const later = (wait, after) => {
    notBefore = timers.now() + after;
    retry.set(wait, attempt);
    onState("reconnecting", timers.now() + wait);
  };

  /** Poll, and try to stream again after a while. @param {string} pollAddress @param {number} wait in milliseconds */
  const poll = (pollAddress, wait) => {
    retry.set(wait, attempt);
    stopPolling ??= startPolling(pollAddress, {
      fetch: options.fetch,
      timers,
      cursor,
      onAnswer: (answer) => {
        onState("polling");
        options.onAnswer(answer);
      },
      onTrouble: (retryAt) => onState("reconnecting", retryAt),
      onStop: end,
    });
  };

  /** @param {CloseReason} reason */
  const end = (reason) => {
    if (!running) return;
    stop();
    options.onEnd(reason);
  };

  const stop = () => {
    running = false;
    stream?.close();
    stream = null;
    stopPolling?.();
    stopPolling = null;
    retry.cancel();
    undoWake();
  };

  const undoWake = onWake(() => {
    if (stream) stream.check();
    else if (!stopPolling && timers.now() >= notBefore) attempt();
  });

  attempt();
  return {
    stop,
    /** Drop the stream and ask again from the cursor; returns whether there was one to drop. */
    resume() {
      if (!stream || stopPolling) return false;
      stream.close();
      void lost("broken");
      return true;
    },
  };
}
