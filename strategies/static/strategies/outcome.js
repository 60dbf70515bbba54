/** How a job ended: shown on its page in the words that it has after a reload, and said once to those who listen. */

import { part, say, show } from "./job-view.js";
import { fetchPart } from "./page-parts.js";
import { gettext } from "./texts.js";

/** What has nothing more to say when a job has ended. */
const OVER = ["actions", "connection", "quiet", "lesson", "progress", "writing", "leave", "notify-said"];

/** By then it has been spoken. */
const SAID_MS = 20_000;

/** @param {HTMLElement} root the job's page @param {boolean} failed */
export async function showOutcome(root, failed) {
  const place = part(root, "outcome");
  const dialog = root.querySelector("#cancel");
  const hadFocus = [...OVER.map((name) => part(root, name)), dialog].some((one) => one?.contains(document.activeElement));
  for (const name of OVER) show(part(root, name), false);
  const fresh = await fetchPart(location.pathname, "outcome");
  dialog?.remove();
  if (!place) return;
  const children = /** @type {HTMLElement[]} */ (fresh ? [...fresh.children] : [reloadLink()]);
  // Whoever stood on what is gone now goes on at the end, and hears of it there.
  const moves = hadFocus && [null, document.body].includes(/** @type {HTMLElement | null} */ (document.activeElement));
  if (failed && !moves) children[0]?.setAttribute("role", "alert");
  place.replaceChildren(...children);
  // Of a region that was there before: what comes together with its region many screen readers pass over.
  const status = part(root, "status");
  say(status, failed || moves || !children[0] ? "" : summary(children[0]));
  // Whoever reads the page later finds it said once.
  setTimeout(() => say(status, ""), SAID_MS);
  if (moves) focus(place.querySelector("h2, a"));
}

/** What an outcome says, without its buttons. @param {HTMLElement} outcome */
function summary(outcome) {
  const lines = [...outcome.querySelectorAll("h2, p:not(.actions), li")];
  const texts = (lines.length ? lines : [outcome]).map(({ textContent }) => textContent?.trim().replace(/\s+/g, " ") ?? "");
  return texts.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(" ");
}

/** @param {Element | null} element */
function focus(element) {
  if (!(element instanceof HTMLElement)) return;
  if (!(element instanceof HTMLAnchorElement)) element.tabIndex = -1;
  element.focus();
}

function reloadLink() {
  const note = document.createElement("p");
  const link = document.createElement("a");
  note.className = "note";
  link.href = location.pathname;
  link.textContent = gettext("It has ended: show how");
  note.append(link);
  return note;
}
