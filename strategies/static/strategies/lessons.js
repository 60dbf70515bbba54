/**
 * Lessons beside a job: the next takes the place of the last as the work goes on, unless the reader has paused them. Then
 * what is being read stays, and the next one waits until it is asked for.
 */

/** @typedef {import("./job-state.js").Lesson} Lesson */
/** @typedef {{lesson: Lesson, step: string}} Beside a lesson, and the title of the step that it belongs to */

/** @param {boolean} paused */
export function createDeck(paused) {
  /** @type {Beside | null} */
  let shown = null;
  /** @type {Beside | null} */
  let next = null;
  const turn = () => {
    shown = next;
  };
  return {
    get shown() {
      return shown;
    },
    get paused() {
      return paused;
    },
    /** Whether another one waits. */
    get isWaiting() {
      return next !== null && next.lesson !== shown?.lesson;
    },
    /** The work has come to this one; null where its step has none. @param {Beside | null} told */
    offer(told) {
      next = told;
      // The first one disturbs nobody.
      if (!paused || !shown) turn();
    },
    turn,
    /** @param {boolean} yes */
    pause(yes) {
      paused = yes;
      if (!paused) turn();
    },
  };
}

const REMEMBERED = "lessons-paused";

/**
 * Whether lessons are paused: as was chosen last; else they move by themselves only where motion is welcome.
 *
 * @param {Pick<Storage, "getItem">} storage
 * @param {boolean} still whether the reader asked the machine for less motion
 */
export function isPaused(storage, still) {
  const chosen = storage.getItem(REMEMBERED);
  return chosen === null ? still : chosen === "1";
}

/** @param {Pick<Storage, "setItem">} storage @param {boolean} paused */
export const remember = (storage, paused) => storage.setItem(REMEMBERED, paused ? "1" : "0");
