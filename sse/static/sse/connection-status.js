/**
 * `<connection-status>`: how the stream around it stands, in words. It knows streams, and nothing of what they tell.
 *
 * It shows the state of the element with `data-stream-url` that it stands in (see SSEElement.js). Its words may be given
 * in another language: `data-live`, `data-polling`, …; `data-sign-in` is the address of the page where one signs in. At the
 * end it hides itself, unless `data-done` says a word for that.
 */

import { createAlarm, realTimers } from "./SSEUtils.js";

/** @typedef {import("./SSEStates.js").StateChange} StateChange */

/** A blip shorter than this is nobody's business. */
const GRACE_SECONDS = 2;

/** @type {Record<string, string>} */
const WORDS = {
  connecting: "Connecting",
  live: "Live",
  polling: "Updating now and then",
  reconnecting: "Reconnecting",
  signed_out: "You were signed out: sign in again",
  gone: "This is no longer there",
  forbidden: "You may no longer watch this",
  refused: "Not connected: reload the page",
  // What has come to its end, or was ended by its page, says so in its own way.
  done: "",
  client: "",
};

/** What is told at once; trouble may be over before anybody has read of it. */
const CERTAIN = ["live", "polling", "closed"];

export class ConnectionStatus extends HTMLElement {
  #grace = createAlarm(realTimers);
  #undo = new AbortController();

  connectedCallback() {
    const host = /** @type {import("./SSEElement.js").SSEElement | null} */ (this.closest("[data-stream-url]"));
    this.#undo = new AbortController();
    host?.addEventListener(
      "stream-state",
      (event) => this.#change(/** @type {CustomEvent<StateChange>} */ (event).detail),
      { signal: this.#undo.signal },
    );
    // It may have been taken out meanwhile, or come later than its stream.
    if (host?.streamState) this.#change(host.streamState);
  }

  disconnectedCallback() {
    this.#undo.abort();
    this.#grace.cancel();
  }

  /** @param {StateChange} change */
  #change({ state, reason }) {
    this.#grace.cancel();
    if (state === "idle") return;
    const word = reason ?? state;
    if (CERTAIN.includes(state)) this.#tell(state, word);
    else this.#grace.set(GRACE_SECONDS * 1000, () => this.#tell(state, word));
  }

  /** @param {string} state @param {string} word */
  #tell(state, word) {
    const text = this.getAttribute(`data-${word.replace("_", "-")}`) ?? WORDS[word] ?? WORDS.refused;
    this.dataset.state = state;
    this.hidden = text === "";
    const signIn = word === "signed_out" && this.dataset.signIn;
    if (signIn) this.replaceChildren(this.#link(signIn, text));
    else if (this.textContent !== text) this.textContent = text;
  }

  /** @param {string} address @param {string} text */
  #link(address, text) {
    const link = document.createElement("a");
    link.href = `${address}?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = text;
    return link;
  }
}

customElements.define("connection-status", ConnectionStatus);
