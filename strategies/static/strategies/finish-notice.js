/** Telling of a job's end outside the page: a notification, which the browser is asked for only when the reader asks. */

/**
 * @typedef {{
 *   Notification?: typeof globalThis.Notification,
 *   storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
 *   isHidden: () => boolean
 * }} Means
 * @typedef {"off" | "on" | "denied" | "unanswered" | "unable"} Standing
 */

/**
 * @param {string} key names the job, so that it is told of once however many of its pages are open
 * @param {Means} means
 */
export function createNotice(key, { Notification, storage, isHidden }) {
  // A wish outlives a reload, but never a permission that was taken back.
  let on = Notification?.permission === "granted" && storage.getItem(key) === "1";

  /** @param {boolean} yes */
  const wish = (yes) => {
    on = yes;
    if (yes) storage.setItem(key, "1");
    else storage.removeItem(key);
  };

  return {
    isPossible: typeof Notification === "function",
    get isOn() {
      return on;
    },
    /** The reader asks for it, or asks no more. @returns {Promise<Standing>} */
    async toggle() {
      if (on || !Notification) {
        wish(false);
        return "off";
      }
      const answer = await Notification.requestPermission();
      wish(answer === "granted");
      if (answer === "granted") return "on";
      return answer === "denied" ? "denied" : "unanswered";
    },
    /** It has ended: tell whoever does not look at the page. @param {string} title @param {NotificationOptions} [options] */
    tell(title, options = {}) {
      if (!on || !Notification || !isHidden()) return;
      wish(false);
      try {
        const shown = new Notification(title, { ...options, tag: key });
        shown.onclick = () => {
          globalThis.focus?.();
          shown.close();
        };
      } catch {
        // Chrome on phones knows the word, and only lets service workers use it.
      }
    },
  };
}
