/** `<job-progress>`: a job's page, live. The server rendered it whole; this carries on from its cursor. */

import { SSEConnection } from "../sse/SSEConnection.js";
import { createAlarm, realTimers } from "../sse/SSEUtils.js";
import "./dialog.js";
import { apply, merge, read } from "./job-state.js";
import { part, render, renderEta, show, title } from "./job-view.js";

const QUIET_SECONDS = 300;
/** A blip shorter than this is nobody's business. */
const GRACE_SECONDS = 2;
/** The spoken status is a summary, not a commentary. */
const SPEAK_SECONDS = 15;
/** Between two estimates the time that is left runs down by itself. */
const TICK_SECONDS = 5;
/** A finished step brings a new estimate; several in one moment bring one. */
const REFRESH_SECONDS = 1;

/** @type {Record<string, string>} */
const CONNECTION_WORDS = {
  connecting: "Connecting",
  live: "Live",
  polling: "Updating now and then",
  reconnecting: "Reconnecting",
};

/** @param {string} id */
function readScript(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

class JobProgress extends HTMLElement {
  #state = read(readScript("snapshot"));
  #words = readScript("words");
  /** @type {SSEConnection | null} */
  #connection = null;
  #quiet = createAlarm(realTimers);
  #grace = createAlarm(realTimers);
  #speech = createAlarm(realTimers);
  #refresh = createAlarm(realTimers);
  #tick = createAlarm(realTimers);
  /** The last estimate, and when it was told. */
  #eta = this.#state.eta;
  #etaAt = realTimers.now();
  #spoken = "";
  #maySpeakAt = 0;

  connectedCallback() {
    if (this.#state.final) return;
    const { streamUrl = "", eventsUrl, cursor, quietSeconds, user } = this.dataset;
    const connection = new SSEConnection(streamUrl, { pollUrl: eventsUrl, lastEventId: cursor, user });
    for (const type of ["status", "progress", "educational", "complete", "error", "text"]) {
      connection.on(type, (event) => this.#receive(event));
    }
    connection.on("reset", () => this.#refresh.set(0, () => void this.#reload()));
    connection.on("state", (change) => this.#connectionChanged(change));
    this.#connection = connection;
    part(this, "wait")?.addEventListener("click", () => this.#waitForNews(QUIET_SECONDS));
    show(part(this, "wait"), true);
    if (Number(quietSeconds) < QUIET_SECONDS) this.#waitForNews(QUIET_SECONDS - Number(quietSeconds));
    this.#runDown();
    void connection.connect();
  }

  disconnectedCallback() {
    this.#connection?.disconnect();
    for (const alarm of [this.#quiet, this.#grace, this.#speech, this.#refresh, this.#tick]) alarm.cancel();
  }

  /** @param {any} event */
  #receive(event) {
    this.#state = apply(this.#state, event);
    this.#waitForNews(QUIET_SECONDS);
    this.#render();
    if (this.#state.final) return void this.#finish();
    if (event.done || event.failed) this.#refresh.set(REFRESH_SECONDS * 1000, () => void this.#reload());
  }

  #render() {
    render(this, this.#state, this.#words);
    this.#runDown();
    document.title = title(this.#state, this.dataset.name ?? "");
    this.#speak();
  }

  #runDown() {
    if (this.#eta !== this.#state.eta) [this.#eta, this.#etaAt] = [this.#state.eta, realTimers.now()];
    renderEta(this, this.#state, (realTimers.now() - this.#etaAt) / 1000);
    if (this.#eta && !this.#state.final) this.#tick.set(TICK_SECONDS * 1000, () => this.#runDown());
  }

  /** Say the step and the percentage to those who listen, at most every few seconds. */
  #speak() {
    const step = this.#state.steps.find(({ status }) => status === "running");
    const said = step ? `Step ${step.number} of ${this.#state.steps.length}: ${step.title}` : "";
    if (!said || said === this.#spoken) return;
    const now = realTimers.now();
    this.#speech.set(Math.max(0, this.#maySpeakAt - now), () => {
      this.#spoken = said;
      this.#maySpeakAt = realTimers.now() + SPEAK_SECONDS * 1000;
      const place = part(this, "status");
      if (place) place.textContent = `${said}. ${this.#state.progress} percent.`;
    });
  }

  /** @param {number} seconds */
  #waitForNews(seconds) {
    show(part(this, "quiet"), false);
    this.#quiet.set(seconds * 1000, () => show(part(this, "quiet"), true));
  }

  /** @param {import("../sse/SSEStates.js").StateChange} change */
  #connectionChanged({ state, reason }) {
    const chip = part(this, "connection");
    if (!chip) return;
    if (state === "closed") return this.#closed(chip, reason);
    const tell = () => {
      chip.dataset.state = state;
      chip.textContent = CONNECTION_WORDS[state];
      chip.hidden = false;
    };
    if (state === "live" || state === "polling") {
      this.#grace.cancel();
      tell();
    } else this.#grace.set(GRACE_SECONDS * 1000, tell);
  }

  /** @param {HTMLElement} chip @param {import("../sse/SSEStates.js").CloseReason | null} reason */
  #closed(chip, reason) {
    this.#grace.cancel();
    this.#quiet.cancel();
    if (reason === "done") return void this.#finish();
    if (reason === "client") return;
    chip.dataset.state = "closed";
    chip.hidden = false;
    if (reason === "signed_out") {
      const link = document.createElement("a");
      link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = "You were signed out: sign in again";
      chip.replaceChildren(link);
    } else chip.textContent = reason === "gone" ? "This job was deleted" : "Not connected: reload the page";
  }

  /** Take over what the server knows now: estimates, times, and what a lost event would have told. */
  async #reload() {
    try {
      const response = await fetch(this.dataset.snapshotUrl ?? "", { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      this.#state = merge(this.#state, await response.json());
      this.#render();
      if (this.#state.final) void this.#finish();
    } catch {
      // The stream or the polls will tell; this was for what they leave out.
    }
  }

  #finished = false;

  /** Show how it ended, in the words that the page has after a reload. */
  async #finish() {
    if (this.#finished) return;
    this.#finished = true;
    this.disconnectedCallback();
    await this.#reload();
    const over = ["actions", "connection", "quiet", "lesson", "progress", "status", "writing"];
    for (const name of over) show(part(this, name), false);
    const place = part(this, "outcome");
    const fresh = await fetchPart(location.pathname, "outcome");
    if (!place) return;
    const children = fresh ? [...fresh.children] : [reloadLink()];
    children[0]?.setAttribute("role", this.#state.status === "failed" ? "alert" : "status");
    place.replaceChildren(...children);
    document.getElementById("cancel")?.remove();
  }
}

/**
 * Fetch a page and return one part of it: our own, rendered and escaped by the server.
 *
 * @param {string} url
 * @param {string} name
 */
async function fetchPart(url, name) {
  for (const pause of [0, 1, 3]) {
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    try {
      const response = await fetch(url, { headers: { Accept: "text/html" } });
      if (!response.ok) continue;
      const found = part(new DOMParser().parseFromString(await response.text(), "text/html"), name);
      if (found?.children.length) return found;
    } catch {
      // The network; once more.
    }
  }
  return null;
}

function reloadLink() {
  const note = document.createElement("p");
  const link = document.createElement("a");
  note.className = "note";
  link.href = location.pathname;
  link.textContent = "It has ended: show how";
  note.append(link);
  return note;
}

customElements.define("job-progress", JobProgress);
