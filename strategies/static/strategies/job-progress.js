/** `<job-progress>`: a job's page, live. The server rendered it whole; this carries on from its cursor. */

import { SSEElement } from "../sse/SSEElement.js";
import { createAlarm, realTimers } from "../sse/SSEUtils.js";
import "./dialog.js";
import { showIcon } from "./favicon.js";
import { createNotice } from "./finish-notice.js";
import { apply, merge, read } from "./job-state.js";
import { part, render, renderTimes, say, show, title } from "./job-view.js";
import { kept } from "./kept.js";
import { LessonCard } from "./lesson-card.js";
import { openSections } from "./made-sections.js";
import { NoticeButton } from "./notice-button.js";
import { showOutcome } from "./outcome.js";
import { gettext, told } from "./texts.js";

/** @typedef {import("./job-state.js").JobState} JobState */

const QUIET_SECONDS = 300;
/** The spoken status is a summary, not a commentary. */
const SPEAK_SECONDS = 15;
/** Between two estimates the time that is left runs down by itself, and the time that has passed goes up. */
const TICK_SECONDS = 1;
/** A finished step brings a new estimate; several in one moment bring one. */
const REFRESH_SECONDS = 1;
/** A worker that is lost tells nobody: after so long without a word the server is asked. */
const SILENT_SECONDS = 20;

export class JobProgress extends SSEElement {
  /** @type {JobState | null} */
  #state = null;
  /** @type {import("./job-view.js").Words} */
  #words = { steps: {}, jobs: {} };
  #quiet = createAlarm(realTimers);
  #speech = createAlarm(realTimers);
  #refresh = createAlarm(realTimers);
  #tick = createAlarm(realTimers);
  /** The last estimate, and when it was told. @type {JobState["eta"]} */
  #eta = null;
  #etaAt = 0;
  #heardAt = realTimers.now();
  /** When the work began, by this machine's clock; 0 before. */
  #begun = 0;
  #spoken = "";
  #maySpeakAt = 0;
  #finished = false;
  /** @type {LessonCard | null} */
  #lessons = null;
  /** @type {NoticeButton | null} */
  #notice = null;
  /** @type {(() => void)[]} */
  #undo = [];

  connectedCallback() {
    this.#state ??= this.#readState();
    // Put back in the same turn it was never gone.
    if (!this.#state || this.#state.final || this.#undo.length) return;
    const { quietSeconds } = this.dataset;
    this.#lessons = new LessonCard(part(this, "lesson"), this.#words.told ?? {}, this.#words.lessons ?? {});
    this.#notice = new NoticeButton(this, this.#createNotice());
    const wait = () => this.#waitForNews(QUIET_SECONDS);
    part(this, "wait")?.addEventListener("click", wait);
    this.#undo = [
      () => part(this, "wait")?.removeEventListener("click", wait),
      openSections(this),
      this.#lessons.listen(),
      this.#notice.listen(),
    ];
    show(part(this, "wait"), true);
    if (Number(quietSeconds) < QUIET_SECONDS) this.#waitForNews(QUIET_SECONDS - Number(quietSeconds));
    this.#lessons.offer(this.#state);
    this.#runOn();
    showIcon(document, this.#state);
    this.follow();
  }

  unfollow() {
    this.#rest();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Nothing more will come; what can be opened or pressed stays so. */
  #rest() {
    super.unfollow();
    for (const alarm of [this.#quiet, this.#speech, this.#refresh, this.#tick]) alarm.cancel();
  }

  /** @param {import("../sse/SSEMessageTypes.js").SSEMessage} event */
  receive(event) {
    if (!this.#state) return;
    if (event.type === "reset") return this.#refresh.set(0, () => void this.#reload());
    this.#state = apply(this.#state, event);
    this.#waitForNews(QUIET_SECONDS);
    this.#heardAt = realTimers.now();
    this.#render(this.#state);
    if (this.#state.final) return void this.#finish();
    if (event.done || event.failed) this.#refresh.set(REFRESH_SECONDS * 1000, () => void this.#reload());
  }

  /** @param {import("../sse/SSEStates.js").StateChange} change */
  streamChanged({ state, reason }) {
    if (state !== "closed") return;
    this.#quiet.cancel();
    if (reason === "done") void this.#finish();
    else if (reason !== "client") this.#lose();
  }

  /** The stream is over and the work may not be: what is shown is the last that was known, and no button would work. */
  #lose() {
    this.#rest();
    this.querySelector("dialog")?.close();
    for (const name of ["actions", "quiet", "leave"]) show(part(this, name), false);
    say(part(this, "elapsed"), gettext("This is the last that was known."));
    say(part(this, "eta"), "");
  }

  /** What the server put beside the element for it. @returns {JobState | null} */
  #readState() {
    const told = (/** @type {string} */ id) => JSON.parse(this.querySelector(`#${id}`)?.textContent ?? "null");
    const snapshot = told("snapshot");
    if (!snapshot) return null;
    this.#words = told("words");
    if (this.dataset.elapsedSeconds) this.#begun = realTimers.now() - Number(this.dataset.elapsedSeconds) * 1000;
    return read(snapshot);
  }

  #createNotice() {
    const means = { Notification: globalThis.Notification, storage: kept("sessionStorage"), isHidden: () => document.hidden };
    return createNotice(this.dataset.snapshotUrl ?? "", means);
  }

  /** @param {JobState} state */
  #render(state) {
    render(this, state, this.#words);
    this.#lessons?.offer(state);
    if (state.status === "running" && !this.#begun) this.#begun = realTimers.now();
    this.#runOn();
    document.title = title(state, this.dataset.name ?? "");
    showIcon(document, state);
    this.#speak(state);
  }

  #runOn() {
    const state = /** @type {JobState} */ (this.#state);
    const now = realTimers.now();
    if (now - this.#heardAt > SILENT_SECONDS * 1000 && !state.final) {
      this.#heardAt = now;
      void this.#reload();
    }
    if (this.#eta !== state.eta) [this.#eta, this.#etaAt] = [state.eta, now];
    renderTimes(this, state, { sinceEta: (now - this.#etaAt) / 1000, elapsed: this.#begun && (now - this.#begun) / 1000 });
    if (!state.final) this.#tick.set(TICK_SECONDS * 1000, () => this.#runOn());
  }

  /** Say the step and the percentage to those who listen, at most every few seconds. @param {JobState} state */
  #speak(state) {
    // Then the end is what is said.
    const step = state.final ? undefined : state.steps.find(({ status }) => status === "running");
    const place = { number: step?.number ?? 0, all: state.steps.length };
    const said = step ? `${gettext("Step {number} of {all}", place)}: ${told(step.title, this.#words.told ?? {})}` : "";
    if (!said || said === this.#spoken) return;
    this.#speech.set(Math.max(0, this.#maySpeakAt - realTimers.now()), () => {
      this.#spoken = said;
      this.#maySpeakAt = realTimers.now() + SPEAK_SECONDS * 1000;
      say(part(this, "status"), `${said}. ${gettext("{progress} percent.", { progress: this.#state?.progress ?? 0 })}`);
    });
  }

  /** @param {number} seconds */
  #waitForNews(seconds) {
    show(part(this, "quiet"), false);
    this.#quiet.set(seconds * 1000, () => show(part(this, "quiet"), true));
  }

  /** Take over what the server knows now: estimates, times, and what a lost event would have told. */
  async #reload() {
    try {
      const response = await fetch(this.dataset.snapshotUrl ?? "", { headers: { Accept: "application/json" } });
      if (!response.ok || !this.#state) return;
      const snapshot = await response.json();
      this.#learnBegin(snapshot, response);
      this.#state = merge(this.#state, snapshot);
      this.#render(this.#state);
      if (this.#state.final) void this.#finish();
    } catch {
      // The stream or the polls will tell; this was for what they leave out.
    }
  }

  /**
   * When the work began, by the server's clock alone: whoever comes back by the browser's button gets the page of then, and
   * the first word of work that it hears may be old.
   *
   * @param {{started: string | null}} snapshot
   * @param {Response} response
   */
  #learnBegin({ started }, response) {
    const passed = Date.parse(response.headers.get("date") ?? "") - Date.parse(started ?? "");
    if (passed >= 0) this.#begun = realTimers.now() - passed;
  }

  /** Show how it ended, in the words that the page has after a reload. */
  async #finish() {
    if (this.#finished) return;
    this.#finished = true;
    this.#notice?.tell(document.title, told(this.#state?.message ?? "", this.#words.told ?? {}));
    this.#rest();
    await this.#reload();
    this.#rest();
    await showOutcome(this, this.#state?.status === "failed");
  }
}

customElements.define("job-progress", JobProgress);
