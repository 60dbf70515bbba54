/** What a list says of one job, and how each event changes it. No page, no network: plain data in, plain data out. */

/**
 * @typedef {{status: string, progress: number, step: number, steps: number, kind: string, message?: string}} JobRow
 *   `message`: what its watchers were told last, where that was heard
 * @typedef {{looks: Record<string, {word: string, class: string}>, steps?: Record<string, string[]>}} Words
 *   as the server has them: what each status is called and looks like; the titles of the steps of each kind
 */

const ACTIVE = ["queued", "running"];

/** @param {JobRow} row */
export const isActive = ({ status }) => ACTIVE.includes(status);

/**
 * The row that an element tells by its attributes.
 *
 * @param {DOMStringMap | Record<string, string>} dataset
 * @returns {JobRow}
 */
export function read({ status = "", progress = "0", step = "0", kind = "" }) {
  return { status, progress: Number(progress), step: Number(step), steps: 0, kind };
}

/**
 * The row after an event. What has ended does not change any more, and progress never falls.
 *
 * @param {JobRow} row
 * @param {any} event
 * @returns {JobRow}
 */
export function apply(row, event) {
  if (!isActive(row)) return row;
  const next = { ...row };
  if (typeof event.progress === "number") next.progress = Math.max(row.progress, event.progress);
  if (typeof event.step === "number") next.step = event.step;
  if (typeof event.message === "string") next.message = event.message;
  if (typeof event.steps === "number") next.steps = event.steps;
  if (typeof event.status === "string") next.status = event.status;
  // Whoever tells of a step is at work on it, whatever was missed before.
  else if (event.type === "progress") next.status = "running";
  return next;
}

/**
 * Where the job is, in words: the step's number, how many there are, and its title.
 *
 * @param {JobRow} row
 * @param {Words} words
 */
export function place({ step, steps, kind }, words) {
  if (!step) return "";
  const titles = words.steps?.[kind] ?? [];
  const count = steps || titles.length;
  return `${step}${count ? `/${count}` : ""} ${titles[step - 1] ?? ""}`.trim();
}
