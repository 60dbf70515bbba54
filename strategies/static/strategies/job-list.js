/**
 * `<job-list>`: jobs that are listed somewhere, live. The server rendered the list whole; only texts, classes and bars are
 * written here, so that focus, selection and open details stay.
 *
 * What is marked `data-job` tells of that job, wherever in the list it stands, by its parts: `look` and `word` (its status),
 * `share` and `percent`, `step`, `message`, and a `progress`. `count` in the list is how many are at work, `ended` is shown
 * when none is any more, and `while-active` goes then, unless it is open: somebody reads in it. `data-source` is where the list is rendered anew: it is fetched when a job has come that is not in
 * it (its row is added to `data-part="rows"`), and now and then while there are jobs at work that no stream tells of:
 * each `data-renew-seconds`.
 */

import { topicsOf } from "../sse/SSECursor.js";
import { SSEElement } from "../sse/SSEElement.js";
import { createAlarm, realTimers } from "../sse/SSEUtils.js";
import { apply, isActive, place, read } from "./job-rows.js";
import { part, say, show } from "./job-view.js";

/** @typedef {import("./job-rows.js").JobRow} JobRow */

/** How often the list is fetched while its stream cannot be had, if it does not say so itself. */
const POLL_SECONDS = 10;

export class JobList extends SSEElement {
  /** @type {Map<string, JobRow>} */
  #rows = new Map();
  /** @type {import("./job-rows.js").Words} */
  #words = { looks: {} };
  #poll = createAlarm(realTimers);
  /** Whether the next poll is set already: a stream that fails again and again must not put it off. */
  #polls = false;
  #soon = createAlarm(realTimers);

  connectedCallback() {
    const told = this.querySelector("script[type='application/json']")?.textContent;
    if (told) this.#words = JSON.parse(told);
    for (const cell of this.#cells()) this.#learn(cell);
    if (!this.#isActive()) return;
    this.follow();
    if (!this.dataset.streamUrl) this.#renewLater();
  }

  unfollow() {
    this.#rest();
    this.#soon.cancel();
    super.unfollow();
  }

  /** @param {import("../sse/SSEMessageTypes.js").SSEMessage} event */
  receive(event) {
    if (event.type === "text") return;
    if (event.type === "reset") return void this.#renew();
    // On its owner's topic a job is named in the event, on its own by the topic.
    const id = String(event.job ?? event.topic?.split(":")[1] ?? "");
    const row = this.#rows.get(id);
    // Of a job that is in the list its own topic tells when it begins.
    if (row && !(event.job && event.status === "queued")) this.#show(id, apply(row, event));
    else if (!row && event.job) this.#soon.set(0, () => void this.#renew());
    if (!this.#isActive()) this.#end();
  }

  /** @param {import("../sse/SSEStates.js").StateChange} change */
  streamChanged({ state, reason }) {
    // One of its jobs was deleted: the others go on.
    if (reason === "gone") return void this.#renew();
    // How many are at work is not known any more.
    if (reason === "signed_out" || reason === "forbidden") show(part(this, "while-active"), false);
    if (state === "closed" || (state === "live" && this.#isWhole())) return this.#rest();
    this.#renewLater();
  }

  #renewLater() {
    if (this.#polls) return;
    this.#polls = true;
    this.#poll.set((Number(this.dataset.renewSeconds) || POLL_SECONDS) * 1000, () => void this.#renewAgain());
  }

  /** Nothing is at work any more. */
  #end() {
    show(part(this, "ended"), true);
    this.unfollow();
  }

  #rest() {
    this.#polls = false;
    this.#poll.cancel();
  }

  /** @returns {NodeListOf<HTMLElement>} */
  #cells() {
    return this.querySelectorAll("[data-job]");
  }

  /** Whether the stream tells of all that are at work: there are only so many in one. */
  #isWhole() {
    const topics = topicsOf(this.dataset.streamUrl ?? "");
    return [...this.#rows].every(([id, row]) => !isActive(row) || topics.includes(`job:${id}`));
  }

  #isActive() {
    return [...this.#rows.values()].some(isActive);
  }

  /** @param {HTMLElement} cell */
  #learn(cell) {
    const id = cell.dataset.job ?? "";
    if (!this.#rows.has(id)) this.#rows.set(id, read(cell.dataset));
  }

  /** @param {string} id @param {JobRow} row */
  #show(id, row) {
    this.#rows.set(id, row);
    for (const cell of this.#cells()) if (cell.dataset.job === id) renderCell(cell, row, this.#words);
    this.#count();
  }

  async #renewAgain() {
    if (!document.hidden) await this.#renew();
    this.#polls = false;
    // While it was fetched the stream may have come, or the list have gone.
    if (this.isConnected && this.#isActive()) this.streamChanged(this.streamState);
  }

  /** Take over what the server lists now. */
  async #renew() {
    const fresh = await fetchList(this.dataset.source ?? location.href, this.id);
    if (!fresh || !this.isConnected) return;
    const added = [];
    /** @type {Map<string, JobRow>} */
    const told = new Map();
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (fresh.querySelectorAll("[data-job]"))) {
      const id = cell.dataset.job ?? "";
      if (!this.#rows.has(id)) added.push(cell);
      const message = part(cell, "message")?.textContent?.trim();
      told.set(id, { ...told.get(id), ...read(cell.dataset), ...(message ? { message } : {}) });
    }
    for (const [id, now] of told) {
      const row = this.#rows.get(id);
      if (row) this.#show(id, apply(row, now));
    }
    this.#add(added);
    if (!this.#isActive()) return this.#end();
    if (!fresh.dataset.streamUrl || fresh.dataset.streamUrl === this.dataset.streamUrl) return;
    this.dataset.streamUrl = fresh.dataset.streamUrl;
    this.dataset.cursor = fresh.dataset.cursor;
    this.restart();
  }

  /** @param {HTMLElement[]} cells of jobs that have come since */
  #add(cells) {
    const place = part(this, "rows");
    if (!place) return;
    place.append(...cells.map((cell) => document.importNode(cell, true)));
    for (const cell of cells) this.#learn(cell);
    this.#count();
  }

  #count() {
    const count = [...this.#rows.values()].filter(isActive).length;
    say(part(this, "count"), String(count));
    const whole = part(this, "while-active");
    show(whole, count > 0 || (whole?.hasAttribute("open") ?? false));
  }
}

/**
 * @param {HTMLElement} cell
 * @param {JobRow} row
 * @param {import("./job-rows.js").Words} words
 */
function renderCell(cell, row, words) {
  const look = words.looks[row.status];
  const badge = part(cell, "look");
  cell.dataset.status = row.status;
  if (badge && look && badge.className !== look.class) badge.className = look.class;
  if (look) say(part(cell, "word"), look.word);
  say(part(cell, "share"), row.status === "running" ? ` · ${row.progress}\u00a0%` : "");
  say(part(cell, "percent"), `${row.progress} %`);
  say(part(cell, "step"), place(row, words) || "–");
  if (row.message !== undefined) say(part(cell, "message"), row.message);
  // Somebody works on it: it was just told of.
  show(part(cell, "stuck"), false);
  const bar = cell.querySelector("progress");
  if (bar) bar.value = row.progress;
}

/**
 * Fetch a page and return the list in it: our own, rendered and escaped by the server.
 *
 * @param {string} url
 * @param {string} id
 */
async function fetchList(url, id) {
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  } catch {
    // The network; the next time it may be there.
    return null;
  }
}

customElements.define("job-list", JobList);
