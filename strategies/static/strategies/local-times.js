/**
 * Times of day in the reader's own zone. The server writes them in UTC and says so; each `<time>` that names a moment
 * says it here as the reader's clock does, also where a script puts it in later, and keeps the other as its title. One that is
 * marked `data-day` tells the day alone.
 */

import { language } from "./texts.js";

// A day, as the calendar has it, is the same day everywhere.
const MOMENT = /T.*(?:Z|[+-]\d\d:?\d\d)$/;
/** @type {Intl.DateTimeFormatOptions} */
const DAY = { day: "numeric", month: "long", year: "numeric" };
/** @type {Intl.DateTimeFormatOptions} */
const FULL = { ...DAY, hour: "numeric", minute: "2-digit", timeZoneName: "short" };

/**
 * The page's language as the reader's region has it: "en" is told to an Indian as "en-IN".
 *
 * @param {string} spoken the page's language
 * @param {readonly string[]} [known] the reader's, as the browser names them
 */
export const regional = (spoken, known = []) => known.find((one) => one.split("-")[0] === spoken) ?? spoken;

/**
 * A moment in words; "" for what names none.
 *
 * @param {string} moment
 * @param {{language: string, zone?: string, day?: boolean}} how in which zone (the reader's own, if none is named), and
 *   whether the day is enough
 */
export function tell(moment, { language, zone, day = false }) {
  const at = MOMENT.test(moment) ? new Date(moment) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toLocaleString(language, { ...(day ? DAY : FULL), timeZone: zone }) : "";
}

const own = { language: regional(language, globalThis.navigator?.languages) };

/** A `<time>` of a moment, in the reader's zone. @param {string} moment */
export function timeOf(moment) {
  const time = document.createElement("time");
  time.dateTime = moment;
  time.textContent = tell(moment, { ...own, zone: "UTC" });
  localise(time);
  return time;
}

/** @param {HTMLTimeElement} time */
function localise(time) {
  const told = tell(time.dateTime, { ...own, day: "day" in time.dataset });
  if (!told || time.title) return;
  time.title = time.textContent?.trim() ?? "";
  time.textContent = told;
}

/** @param {Node} node */
function localiseIn(node) {
  if (!(node instanceof Element)) return;
  if (node instanceof HTMLTimeElement) localise(node);
  for (const time of node.querySelectorAll("time")) localise(time);
}

/**
 * Tell the times in a part of the page, those there and those that come.
 *
 * @param {Element} root
 * @returns {() => void} stops it
 */
export function keepLocal(root) {
  const coming = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) localiseIn(node);
  });
  localiseIn(root);
  coming.observe(root, { childList: true, subtree: true });
  return () => coming.disconnect();
}

if (globalThis.document) keepLocal(document.body);
