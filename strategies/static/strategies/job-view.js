/** Puts a job's state on its page. Text goes in as text, nodes stay where they are. */

import { line } from "./job-state.js";
import { gettext, number, told } from "./texts.js";

/** @typedef {import("./job-state.js").JobState} JobState */
/** @typedef {import("./job-state.js").Step} Step */

/**
 * @typedef {{word: string, mark: string}} Look
 * @typedef {Record<string, string>} Told by the English words
 * @typedef {{steps: Record<string, Look>, jobs: Record<string, Look>, told?: Told, lessons?: Told}} Words as the server
 * has them: there is one list; `told` is what events say in the page's language, `lessons` what lessons do
 */

/** @param {ParentNode} root @param {string} name @returns {HTMLElement | null} */
export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** @param {Element | null | undefined} element @param {string} text */
export function say(element, text) {
  // Writing the same text again would make some screen readers read it again.
  if (element && element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement | null} element @param {boolean} visible */
export function show(element, visible) {
  if (element && element.hidden === visible) element.hidden = !visible;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 0.1) return gettext("under 0.1 s");
  if (seconds < 10) return `${number(seconds, 1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * The time that is left, so many seconds after it was told; it runs down meanwhile, but never below nothing.
 *
 * @param {{low: number, high: number} | null} eta
 * @param {number} [since]
 */
export function remaining(eta, since = 0) {
  if (!eta) return "";
  const [low, high] = [Math.max(0, Math.round(eta.low - since)), Math.round(eta.high - since)];
  if (high <= 0) return gettext("taking longer than usual");
  if (high < 90) return gettext("about {low}–{high} s left", { low, high });
  const minutes = { low: Math.max(1, Math.round(low / 60)), high: Math.max(2, Math.round(high / 60)) };
  return gettext("about {low}–{high} min left", minutes);
}

/** What a model used for a step, as the server puts it. @param {Step} step */
export function usage({ tokens_in = 0, tokens_out = 0, cost = null }) {
  if (!tokens_in && !tokens_out) return "";
  const told = { read: number(tokens_in), written: number(tokens_out) };
  const tokens = gettext("{read} tokens read, {written} written", told);
  return cost === null ? tokens : `${tokens}, US$ ${number(cost, 4)}`;
}

/** @param {JobState} state @param {string} name */
export function title(state, name) {
  if (!state.final) return `${state.progress} % · ${name}`;
  return state.status === "succeeded" || state.status === "partial" ? `✓ ${name}` : `✗ ${name}`;
}

/**
 * @param {HTMLElement} root
 * @param {JobState} state
 * @param {{sinceEta: number, elapsed: number}} seconds since its estimate was told, and since the work began (0: not yet)
 */
export function renderTimes(root, { eta, final }, { sinceEta, elapsed }) {
  say(part(root, "eta"), final ? "" : remaining(eta, sinceEta));
  const whole = Math.round(elapsed);
  const time = whole < 10 ? `${whole} s` : duration(whole);
  say(part(root, "elapsed"), elapsed ? gettext("{time} so far", { time }) : "");
}

/**
 * @param {HTMLElement} root
 * @param {JobState} state
 * @param {Words} words
 */
export function render(root, state, words) {
  const bar = root.querySelector("progress");
  if (bar) bar.value = state.progress;
  say(part(root, "percent"), `${state.progress} %`);
  say(part(root, "message"), told(line(state), words.told ?? {}));
  renderBadge(root.querySelector("[data-part=badge] > *"), words.jobs[state.status]);
  for (const step of state.steps) renderStep(root, step, words);
  renderText(root, state, words);
}

/** @param {HTMLElement} root @param {JobState} state @param {Words} words */
function renderText(root, { steps, text, final }, words) {
  show(part(root, "writing"), text !== "" && !final);
  const place = part(root, "writing-text");
  if (!place || text === "" || place.textContent === text) return;
  // Whoever has scrolled up to read is left there.
  const follows = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
  say(part(root, "writing-title"), told(steps.find(({ status }) => status === "running")?.title ?? "", words.told ?? {}));
  say(place, text);
  if (follows) place.scrollTop = place.scrollHeight;
}

/** @param {Element | null} badge @param {Look | undefined} look */
function renderBadge(badge, look) {
  if (!badge || !look) return;
  badge.className = `badge ${look.mark}`;
  say(badge, look.word);
}

/** @param {HTMLElement} root @param {Step} step @param {Words} words */
function renderStep(root, step, words) {
  const row = [...root.querySelectorAll("[data-step]")].find((each) => each.getAttribute("data-step") === step.key);
  if (!row) return;
  const { mark, word } = words.steps[step.status];
  const time = step.copied ? `, ${gettext("kept from before")}` : step.seconds === null ? "" : `, ${duration(step.seconds)}`;
  row.setAttribute("data-status", step.status);
  if (step.status === "running") row.setAttribute("aria-current", "step");
  else row.removeAttribute("aria-current");
  say(row.querySelector(".mark"), mark);
  say(row.querySelector(".word"), word + time);
  say(row.querySelector(".summary"), told(step.summary, words.told ?? {}));
  say(row.querySelector(".used"), usage(step));
  show(row.querySelector("details"), step.status === "done");
}
