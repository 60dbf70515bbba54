/** The button with which a reader asks to be told of a job's end, and what the browser said to it, in words. */

import { part, say, show } from "./job-view.js";
import { gettext } from "./texts.js";

/** @type {Record<import("./finish-notice.js").Standing, string>} */
const WORDS = {
  off: gettext("You will not be notified."),
  on: gettext("You will be notified when it has ended, if you are looking at something else then."),
  denied:
    gettext("Your browser does not let this page notify you; its settings for this site can change that. The tab's title and icon tell the end as well."),
  unanswered: gettext("Your browser was not told whether it may. The tab's title and icon tell the end as well."),
  unable: gettext("This browser can't notify you. The tab's title and icon tell the end as well."),
};

export class NoticeButton {
  #root;
  #notice;

  /** @param {HTMLElement} root @param {ReturnType<typeof import("./finish-notice.js").createNotice>} notice */
  constructor(root, notice) {
    this.#root = root;
    this.#notice = notice;
  }

  /** Serve the button. @returns {() => void} its undo */
  listen() {
    const button = part(this.#root, "notify");
    const asked = async () => {
      const standing = await this.#notice.toggle();
      button?.setAttribute("aria-pressed", String(this.#notice.isOn));
      const told = part(this.#root, "notify-said");
      say(told, WORDS[standing]);
      show(told, true);
    };
    button?.setAttribute("aria-pressed", String(this.#notice.isOn));
    show(button, this.#notice.isPossible);
    button?.addEventListener("click", asked);
    return () => button?.removeEventListener("click", asked);
  }

  /** @param {string} title @param {string} body */
  tell(title, body) {
    this.#notice.tell(title, { body });
  }
}
