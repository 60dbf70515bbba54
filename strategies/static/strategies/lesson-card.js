/** The card beside the steps on which lessons are read, with its buttons: pause, and the next one. */

import { part, say, show } from "./job-view.js";
import { kept } from "./kept.js";
import { told } from "./texts.js";
import { createDeck, isPaused, remember } from "./lessons.js";

/** @typedef {import("./job-state.js").JobState} JobState */

export class LessonCard {
  #card;
  #deck;
  #known;
  #lessons;

  /**
   * @param {HTMLElement | null} card
   * @param {Record<string, string>} [known] what steps are called on this page
   * @param {Record<string, string>} [lessons] what lessons say on this page, by the English words
   */
  constructor(card, known = {}, lessons = {}) {
    this.#known = known;
    this.#lessons = lessons;
    this.#card = card;
    this.#deck = createDeck(isPaused(kept("localStorage"), matchMedia("(prefers-reduced-motion: reduce)").matches));
  }

  /** Serve the buttons. @returns {() => void} its undo */
  listen() {
    const card = this.#card;
    if (!card) return () => {};
    const [pause, next] = [part(card, "lesson-pause"), part(card, "lesson-next")];
    const paused = () => {
      this.#deck.pause(!this.#deck.paused);
      remember(kept("localStorage"), this.#deck.paused);
      this.#render();
    };
    const turned = () => {
      this.#deck.turn();
      this.#render();
      // The button goes, and the reader goes on with what it brought.
      /** @type {HTMLElement | null} */ (card.querySelector("[data-lesson=title]"))?.focus();
    };
    pause?.addEventListener("click", paused);
    next?.addEventListener("click", turned);
    show(pause, true);
    return () => {
      pause?.removeEventListener("click", paused);
      next?.removeEventListener("click", turned);
    };
  }

  /** @param {JobState} state */
  offer({ lesson, lessonStep, steps }) {
    this.#deck.offer(lesson && { lesson, step: steps[lessonStep - 1]?.title ?? "" });
    this.#render();
  }

  #render() {
    const { shown, paused, isWaiting } = this.#deck;
    show(this.#card, shown !== null);
    if (!this.#card || !shown) return;
    part(this.#card, "lesson-pause")?.setAttribute("aria-pressed", String(paused));
    show(part(this.#card, "lesson-next"), isWaiting);
    say(part(this.#card, "lesson-step"), told(shown.step, this.#known));
    for (const place of this.#card.querySelectorAll("[data-lesson]")) {
      fill(/** @type {HTMLElement} */ (place), shown.lesson[place.getAttribute("data-lesson") ?? ""], this.#lessons);
    }
  }
}

/** @param {HTMLElement} place @param {unknown} value @param {Record<string, string>} known */
function fill(place, value, known) {
  show(place, Array.isArray(value) ? value.length > 0 : Boolean(value));
  if (!Array.isArray(value)) return say(place, typeof value === "string" ? told(value, known) : "");
  const lines = value.map((each) => told(String(each), known));
  // A list that is there stays: whoever selected in it reads on.
  if ([...place.children].map((line) => line.textContent).join("\n") === lines.join("\n")) return;
  place.replaceChildren(...lines.map(line));
}

/** @param {string} text */
function line(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
