/** Keeps events coming: by stream; where that cannot be had, by polling; and back to the stream later. */

import { createBackoff, judge, onWake, probe } from "./SSEReconnection.js";
import { openStream } from "./SSEStream.js";
import { createAlarm } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").CloseReason} CloseReason */
/** @typedef {import("./SSEMessageTypes.js").SSEMessage} SSEMessage */

/**
 * @typedef {{onStop: (reason: CloseReason) => void, plain?: boolean}} Polling
 *   What a way to poll is told; `plain`: to wait for no news.
 */

/**
 * @typedef {{
 *   poll?: (polling: Polling) => () => void,
 *   strict?: () => boolean,
 *   helloSeconds: number,
 *   silenceFactor: number,
 *   stableSeconds: number,
 *   failuresBeforePolling: number,
 *   probeSeconds: number,
 *   EventSource: typeof globalThis.EventSource,
 *   fetch: typeof globalThis.fetch,
 *   timers: import("./SSEUtils.js").Timers,
 *   random?: () => number,
 *   cursor: () => string,
 *   onEvent: (event: SSEMessage, id: string) => void,
 *   onBroken: () => void,
 *   onState: (state: "live" | "polling" | "reconnecting", retryAt?: number) => void,
 *   onEnd: (reason: CloseReason) => void
 * }} TransportOptions
 *   `cursor`: where the reader stands. `onEnd` is called at most once, and never after `stop`.
 *   `poll` begins to poll, tells what it finds by itself, and returns what ends it; without it there is no fallback.
 *   `strict`: whether to believe a 404, even where polling might know better.
 */

/** Reasons of a `bye` that is no invitation to come back. */
const FAREWELLS = ["done", "gone", "signed_out"];

/**
 * Start at once.
 *
 * @param {() => string} address asked before each attempt; it carries the cursor
 * @param {TransportOptions} options
 */
export function startTransport(address, options) {
  const { timers, poll, onState } = options;
  const backoff = createBackoff({ random: options.random });
  const retry = createAlarm(timers);
  /** @type {ReturnType<typeof openStream> | null} */
  let stream = null;
  /** @type {(() => void) | null} */
  let stopPolling = null;
  let running = true;
  let liveSince = Infinity;
  let wasLive = false;
  // When the server asked not to be tried before.
  let notBefore = 0;

  const attempt = () => {
    retry.cancel();
    stream = openStream(address(), { ...options, onEvent: receive, onLost: lost });
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
    wasLive = true;
    onState("live");
  };

  /** @param {SSEMessage} event */
  const farewell = ({ reason = "", retry: wait }) => {
    if (FAREWELLS.includes(reason)) return end(/** @type {CloseReason} */ (reason));
    stream?.close();
    stream = null;
    settle();
    // The first time the server's wish is all there is to it; one that says goodbye again and again is not hammered.
    const calm = backoff.attempts === 0 && wait !== undefined;
    const own = backoff.next();
    later(calm ? wait : Math.max(own, wait ?? 0), wait ?? 0);
  };

  /** What the stream that is over says about the next wait. */
  const settle = () => {
    // Short waits again only for a server that has kept a stream for a while: one that breaks each of them after a
    // moment would be hammered otherwise.
    if (timers.now() - liveSince > options.stableSeconds * 1000) backoff.reset();
    liveSince = Infinity;
  };

  /** @param {import("./SSEStream.js").Loss} loss @param {import("./SSEStream.js").Source} [source] */
  const lost = async (loss, source) => {
    stream = null;
    settle();
    // Where streams came before no proxy holds them back: the line is dead, and the next may not be.
    if (loss === "no hello") return wasLive && poll ? startPolling(backoff.next()) : fallBack(0);
    if (loss !== "refused") return tryAgain(source?.retry ?? 0);
    const answer = source?.answer ?? (await probe(address(), options));
    const verdict = judge(answer, Boolean(poll) && !options.strict?.());
    // Stopped, or tried again, while the answer was on its way.
    if (!running || stream) return;
    if (verdict.then === "stop") end(verdict.reason);
    else if (verdict.then === "fall back") fallBack(verdict.after);
    else tryAgain(verdict.after);
  };

  /** @param {number} after the server's wish, in milliseconds */
  const tryAgain = (after) => {
    const wait = Math.max(backoff.next(), after);
    if (poll && (stopPolling || backoff.attempts >= options.failuresBeforePolling)) startPolling(wait);
    else later(wait, after);
  };

  /** Streams cannot be had for now. @param {number} after the server's wish, in milliseconds */
  const fallBack = (after) => {
    if (poll) startPolling(Math.max(options.probeSeconds * 1000, after));
    else later(Math.max(backoff.next(), after), after);
  };

  /** @param {number} wait in milliseconds @param {number} after the part of it that the server asked for */
  const later = (wait, after) => {
    notBefore = timers.now() + after;
    retry.set(wait, attempt);
    onState("reconnecting", timers.now() + wait);
  };

  /** Poll, and try to stream again after a while. @param {number} wait in milliseconds */
  const startPolling = (wait) => {
    retry.set(wait, attempt);
    stopPolling ??= poll?.({ onStop: end }) ?? null;
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
  }, timers);

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
