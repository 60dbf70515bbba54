/**
 * Work that is begun elsewhere comes into the header of a page that knows of none.
 *
 * While jobs are at work their list follows its owner's own topic, and so learns of others. Without any there is no
 * stream: a page that rests holds no connection. It asks once, when somebody looks at it again (on another device the
 * work may have been begun), or when another tab says that it shows work.
 */

import { part } from "./job-view.js";

/** Browsers tell of one return by several events. */
const REST_MS = 2000;

/** @param {Element} list */
const hasWork = (list) => list.querySelector("[data-job]:is([data-status=queued], [data-status=running])") !== null;

/** @param {HTMLElement} list one of the page's, as the server has it now @returns {Promise<HTMLElement | null>} */
async function fetchList({ dataset: { source = "" }, id }) {
  try {
    const response = await fetch(source, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  } catch {
    // The network; somebody will look again.
    return null;
  }
}

/** Show the fresh list in place of one without work, which may be open. @param {HTMLElement} list @param {HTMLElement} fresh */
function replace(list, fresh) {
  const [old, shown] = [part(list, "while-active"), document.importNode(fresh, true)];
  if (old?.hasAttribute("open")) part(shown, "while-active")?.setAttribute("open", "");
  const hadFocus = list.contains(document.activeElement);
  list.replaceWith(shown);
  if (hadFocus) shown.querySelector("summary")?.focus();
}

/** A list of a page that knew of no work either; whoever stands in it is left alone. @param {HTMLElement} list */
async function renew(list) {
  if (hasWork(list)) return;
  const fresh = await fetchList(list);
  if (fresh && !list.contains(document.activeElement)) replace(list, fresh);
}

/**
 * @param {string} id of the header's list
 * @returns {() => void} stops it
 */
export function watchForWork(id) {
  const undo = new AbortController();
  const { signal } = undo;
  const shown = () => document.getElementById(id);
  /** None while the page is stored: it could not be. @type {BroadcastChannel | null} */
  let channel = null;
  // As the server has just told.
  let askedAt = Date.now();

  const ask = async () => {
    const list = shown();
    if (document.hidden || !list || hasWork(list)) return;
    askedAt = Date.now();
    const fresh = await fetchList(list);
    if (!fresh || !hasWork(fresh) || !list.isConnected || hasWork(list)) return;
    // Only now is there something to follow.
    await import("./job-list.js");
    replace(list, fresh);
    for (const other of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("job-list[data-whole]"))) {
      void renew(other);
    }
  };
  const wake = () => {
    if (Date.now() - askedAt >= REST_MS) void ask();
  };
  const enter = () => {
    const entered = (channel ??= new BroadcastChannel(`at-work:${shown()?.dataset.user}`));
    entered.onmessage = () => void ask();
    return entered;
  };
  const leave = () => {
    channel?.close();
    channel = null;
  };

  const others = enter();
  const list = shown();
  if (list && hasWork(list)) others.postMessage("work");
  document.addEventListener("visibilitychange", wake, { signal });
  addEventListener("focus", wake, { signal });
  addEventListener("pagehide", leave, { signal });
  addEventListener(
    "pageshow",
    ({ persisted }) => {
      if (!persisted) return;
      enter();
      void ask();
    },
    { signal },
  );
  signal.addEventListener("abort", leave);
  return () => undo.abort();
}

if (globalThis.document) watchForWork("at-work");
