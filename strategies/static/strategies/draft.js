/** The form of a new strategy is kept as a draft on the server while somebody types. */

import { timeOf } from "./local-times.js";

// After the last key; and at the latest so long after the first that is not saved.
const REST_MS = 1200;
const LONGEST_MS = 8000;
const RETRY_MS = [2000, 4000, 8000, 16_000, 30_000];
const TIMEOUT_MS = 20_000;
// Browsers let closing pages send 64 KiB in all.
const CLOSING_BYTES = 60_000;

const cookie = (/** @type {string} */ name) =>
  document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1] ?? "";

// Not randomUUID, which plain http has only on localhost.
const randomName = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16)).join("");

/**
 * `<draft-saver data-url>`: without a script a button that saves; with one it saves by itself and says so.
 *
 * One request is under way at a time, but for the one of a page that closes. Its window's savings carry a name and a
 * number, by which the server puts them in order.
 */
class DraftSaver extends HTMLElement {
  #writer = randomName();
  #turn = 0;
  #failures = 0;
  #dirtySince = 0;
  #over = false;
  // The form is on its way: it needs no draft any more.
  #leaving = false;
  #timer = 0;
  /** @type {Promise<void> | null} */
  #saving = null;
  /** @type {AbortController | null} */
  #listening = null;

  connectedCallback() {
    const form = this.#form;
    if (!form || this.#listening) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    form.addEventListener("input", () => this.#touch(), { signal });
    form.addEventListener("focusout", () => this.#save(), { signal });
    form.addEventListener("submit", (event) => this.#submit(event), { signal });
    addEventListener("pagehide", () => this.#save({ closing: true }), { signal });
    addEventListener("pageshow", () => (this.#leaving = false), { signal });
    addEventListener("online", () => this.#save(), { signal });
    addEventListener("beforeunload", (event) => this.#failures && !this.#leaving && event.preventDefault(), { signal });
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "hidden" && this.#save({ closing: true }),
      { signal },
    );
    if (this.#conflict) this.#failures = 1;
    if (this.dataset.unsaved !== undefined) this.#touch();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#listening?.abort();
    this.#listening = null;
  }

  get #form() {
    return this.closest("form");
  }

  /** What only its writer can decide: until then nothing is saved by itself. */
  get #conflict() {
    return this.querySelector("[data-on]:not([hidden])");
  }

  #touch() {
    this.#dirtySince ||= Date.now();
    this.#schedule(Math.min(REST_MS, this.#dirtySince + LONGEST_MS - Date.now()));
  }

  /** @param {number} delay */
  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), Math.max(0, delay));
  }

  #save({ closing = false } = {}) {
    if (!this.#dirtySince || this.#leaving || this.#conflict || (this.#saving && !closing)) return;
    clearTimeout(this.#timer);
    this.#dirtySince = 0;
    const saving = this.#send(closing).finally(() => {
      if (this.#saving === saving) this.#saving = null;
      if (this.#dirtySince) this.#schedule(this.#failures ? this.#pause() : REST_MS);
    });
    this.#saving = saving;
  }

  #pause() {
    return RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1] ?? REST_MS;
  }

  /** @param {boolean} closing */
  async #send(closing) {
    // @ts-ignore: a form without files has texts alone
    const body = new URLSearchParams(new FormData(/** @type {HTMLFormElement} */ (this.#form)));
    // Of the cookie, which another window may have renewed by signing in again.
    body.delete("csrfmiddlewaretoken");
    body.set("writer", this.#writer);
    body.set("turn", String(++this.#turn));
    if (this.#over) body.set("save", "over");
    try {
      const answer = await fetch(this.dataset.url ?? "", {
        method: "POST",
        body,
        headers: { "X-CSRFToken": cookie("csrftoken") },
        redirect: "manual",
        keepalive: closing && String(body).length < CLOSING_BYTES,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await this.#hear(answer);
    } catch {
      this.#fail(this.dataset.unreachable);
    }
  }

  /** @param {Response} answer */
  async #hear(answer) {
    if (answer.type === "opaqueredirect") return this.#fail(this.dataset.signedOut);
    if (answer.status === 429 || answer.status >= 500) return this.#fail(this.dataset.unreachable);
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return this.#saved(told);
    this.#failures += 1;
    this.#say(this.dataset.notSaved, told.detail ?? this.dataset.refused, "unsaved");
    const conflict = this.querySelector(`[data-on="${CSS.escape(told.code ?? "")}"]`);
    if (conflict instanceof HTMLElement) conflict.hidden = false;
  }

  /** @param {{ edition: number, saved?: string, url?: string, read?: Record<string, string> }} told */
  #saved({ edition, saved, url, read = {} }) {
    this.#failures = 0;
    this.#over = false;
    const known = this.#form?.elements.namedItem("edition");
    if (known instanceof HTMLInputElement) known.value = String(Math.max(edition, Number(known.value)));
    if (url) {
      history.replaceState(history.state, "", url);
      // Who chooses another language comes back to what was typed.
      const next = document.querySelector("input[name=next]");
      if (next instanceof HTMLInputElement) next.value = location.pathname + location.search;
    }
    if (saved) this.#say(this.dataset.saved, timeOf(saved), "saved");
    for (const hint of /** @type {NodeListOf<HTMLElement>} */ (this.#form?.querySelectorAll("[data-read]") ?? [])) {
      hint.textContent = read[hint.dataset.read ?? ""] ?? "";
    }
  }

  /** @param {string | undefined} reason */
  #fail(reason) {
    this.#failures += 1;
    this.#dirtySince ||= Date.now();
    this.#say(this.dataset.notSaved, reason, "unsaved");
  }

  /** @param {string | undefined} words @param {string | Element | undefined} rest @param {string} state */
  #say(words, rest, state) {
    this.dataset.state = state;
    const status = this.querySelector("[role=status]");
    const text = `${words} ${(rest instanceof Element ? rest.textContent : rest) ?? ""}`.trim();
    if (status && status.textContent !== text) status.replaceChildren(`${words} `, rest ?? "");
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    const { submitter } = event;
    if (submitter instanceof HTMLButtonElement && submitter.name === "save") {
      event.preventDefault();
      this.#over = submitter.value === "over";
      for (const shown of this.querySelectorAll("[data-on]")) /** @type {HTMLElement} */ (shown).hidden = true;
      this.#dirtySince ||= Date.now();
      return this.#save();
    }
    if (!this.#saving) {
      this.#leaving = true;
      return undefined;
    }
    // The next page must know the edition that is being saved, or it would take it for another window's.
    event.preventDefault();
    this.#dirtySince = 0;
    return void this.#saving.then(() => this.#form?.requestSubmit(submitter));
  }
}

customElements.define("draft-saver", DraftSaver);
