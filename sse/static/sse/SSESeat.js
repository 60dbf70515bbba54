/**
 * Which tab leads: the one that holds a lock. It is waited for in turn, and taken from a leader that fell silent.
 *
 * A page may want the same lock several times. Only the first of its seats claims it, and the next when that is given up:
 * a page on which two wait for one lock is not stored by Chromium, so that one comes back to a page that is loaded anew.
 */

import { createAlarm } from "./SSEUtils.js";

/** The seats that are wanted on a page, by its locks. @type {WeakMap<LockManager, Set<{name: string, rise: () => void}>>} */
const pages = new WeakMap();

/**
 * Create a claim to lead.
 *
 * @param {{
 *   locks: LockManager,
 *   timers: import("./SSEUtils.js").Timers,
 *   firstSeconds: number,
 *   random?: () => number,
 *   lead: () => () => void
 * }} options `lead` begins to lead and returns its undo; `firstSeconds`: how soon a leader gives its first sign
 */
export function createSeat({ locks, timers, firstSeconds, random = Math.random, lead }) {
  const watchdog = createAlarm(timers);
  const seats = pages.get(locks) ?? new Set();
  pages.set(locks, seats);
  let waiting = new AbortController();
  let heardAt = 0;
  let patience = 0;
  /** What makes way for the next leader, while this tab leads. @type {(() => void) | null} */
  let release = null;

  const seat = {
    name: "",
    /** It is this one's turn to claim. */
    rise() {
      expect(patience);
      void hold();
    },
  };
  const first = () => [...seats].find(({ name }) => name === seat.name);
  const isFirst = () => first() === seat;

  /** Want it no more; the next of this page may try. */
  const yieldTurn = () => {
    const wasFirst = isFirst();
    seats.delete(seat);
    if (wasFirst) first()?.rise();
  };

  /** Wait for the lock, or take it, and lead while it is held. @param {LockOptions} [how] */
  const hold = async (how) => {
    waiting.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    let led = false;
    try {
      await locks.request(seat.name, how ?? { signal }, () => {
        if (signal.aborted) return undefined;
        led = true;
        return new Promise((/** @type {(value?: undefined) => void} */ done) => sit(done));
      });
    } catch {
      // Given up while waiting.
      if (signal.aborted) return;
      // No lock is to be had here, as where a browser blocks what sites store: each leads itself.
      if (!led) {
        yieldTurn();
        return sit(() => {});
      }
      // Taken away by a tab that heard nothing from us.
      release?.();
      expect(firstSeconds);
      void hold();
    }
  };

  /** @param {() => void} done gives the lock back */
  const sit = (done) => {
    watchdog.cancel();
    // Known before the leading begins: what is heard meanwhile is heard as a leader hears it.
    let undo = () => {};
    release = () => {
      release = null;
      undo();
      done();
    };
    undo = lead();
  };

  /** The leader is silent: frozen, most likely, with the lock in its hands. */
  const usurp = () => void hold({ steal: true });

  /** A sign of the leader was heard; the next is due in so many seconds. @param {number} seconds */
  const expect = (seconds) => {
    heardAt = timers.now();
    patience = seconds;
    // A little later each time by chance, so that not all tabs wake in one moment.
    if (!release && isFirst()) watchdog.set((seconds + 2 * random()) * 1000, usurp);
  };

  return {
    expect,
    /** Whether this tab leads. */
    isTaken: () => release !== null,
    /** Wait in turn for the lock of this name. @param {string} lock */
    claim(lock) {
      seat.name = lock;
      seats.add(seat);
      expect(firstSeconds);
      if (isFirst()) void hold();
    },
    /** Look now whether the leader's sign is overdue: timers may have stood still. */
    check() {
      // What the leader said meanwhile may be about to be heard.
      if (!release && isFirst() && timers.now() - heardAt > patience * 1000) watchdog.set(1000, usurp);
    },
    /** Give up lock and claim. @param {boolean} [suspended] whether all of this page do so */
    leave(suspended) {
      waiting.abort();
      watchdog.cancel();
      release?.();
      if (suspended) seats.delete(seat);
      else yieldTurn();
    },
  };
}
