/** What a job's page knows, and how each event changes it. No page, no network: plain data in, plain data out. */

/**
 * @typedef {"pending" | "running" | "done" | "failed"} StepStatus
 * @typedef {{
 *   key: string, number: number, title: string, status: StepStatus, summary: string, seconds: number | null,
 *   copied: boolean, since: number | null, tokens_in?: number, tokens_out?: number, cost?: number | null
 * }} Step `since`: when it began, in milliseconds since 1970, where that was seen; `cost` in US dollars
 * @typedef {{title?: string, description?: string, details?: string[], [member: string]: unknown}} Lesson
 * @typedef {{
 *   status: string, progress: number, message: string, eta: {low: number, high: number} | null, steps: Step[],
 *   lesson: Lesson | null, lessonStep: number, attempt: number, text: string, final: boolean, waiting: boolean
 * }} JobState `text`: what the running step has written so far; empty where nothing is shown; `waiting`: nobody is at it
 */

const FINAL = ["succeeded", "partial", "failed", "cancelled"];

/** A step's state never goes back, whatever arrives late. @type {Record<StepStatus, number>} */
const RANK = { pending: 0, running: 1, done: 2, failed: 2 };

/**
 * The state that a snapshot tells; the page's own has the lesson beside it.
 *
 * @param {any} snapshot
 * @returns {JobState}
 */
export function read(snapshot) {
  return {
    status: snapshot.status,
    progress: snapshot.progress,
    message: snapshot.message,
    eta: snapshot.eta ?? null,
    steps: snapshot.steps.map((/** @type {any} */ step) => ({ ...step, since: null })),
    lesson: snapshot.lesson ?? null,
    lessonStep: snapshot.step ?? 0,
    attempt: snapshot.attempt ?? 0,
    text: "",
    waiting: snapshot.waiting === true,
    final: FINAL.includes(snapshot.status),
  };
}

/**
 * Take over what a later snapshot knows. It may be older than the events that came meanwhile, so nothing goes back.
 *
 * @param {JobState} state
 * @param {any} snapshot
 * @returns {JobState}
 */
export function merge(state, snapshot) {
  const told = read(snapshot);
  return {
    ...state,
    status: state.final ? state.status : told.status,
    final: state.final || told.final,
    progress: Math.max(state.progress, told.progress),
    attempt: Math.max(state.attempt, told.attempt),
    message: told.progress >= state.progress ? told.message : state.message,
    eta: told.eta,
    // Whoever claimed it since has told so.
    waiting: told.waiting && told.attempt >= state.attempt,
    steps: state.steps.map((step) => {
      const newer = told.steps.find(({ key }) => key === step.key);
      return newer && RANK[newer.status] >= RANK[step.status] ? { ...newer, since: step.since } : step;
    }),
  };
}

/**
 * The state after an event.
 *
 * @param {JobState} state
 * @param {any} event
 * @returns {JobState}
 */
export function apply(state, event) {
  if (state.final) return state;
  if (event.type === "text") return isCurrent(state, event) ? { ...state, text: event.text } : state;
  const next = { ...state };
  if (typeof event.progress === "number") next.progress = Math.max(state.progress, event.progress);
  if (typeof event.message === "string") next.message = event.message;
  if (typeof event.status === "string") next.status = event.status;
  if (typeof event.attempt === "number") next.attempt = Math.max(state.attempt, event.attempt);
  // What was being written is finished by now, or will be begun anew.
  if (event.type !== "educational") next.text = "";
  next.final = event.final === true;
  next.waiting = event.type === "status" && event.status === "queued";
  if (event.type === "progress") next.steps = moveSteps(state.steps, event);
  if (event.type === "error") next.steps = failStep(state.steps, event.error?.step_key);
  if (event.type === "educational") {
    next.lesson = event.educational_content ?? null;
    next.lessonStep = event.step;
  } else if (event.type === "progress" && event.step !== state.lessonStep) {
    // A lesson belongs to its step. Where the next one has none there is none, never another step's.
    next.lesson = null;
  }
  return next;
}

/**
 * What the page says of the job now, as the server says it in `snapshot.line`.
 *
 * @param {JobState} state
 */
export function line({ waiting, message, steps, final }) {
  if (waiting) return "Waiting for a worker.";
  const coming = steps.find(({ status }) => status === "pending");
  const isBetween = steps.every(({ status }) => status !== "running");
  const isOfLast = steps.some(({ summary }) => summary && summary.slice(0, 300) === message.slice(0, 300));
  return coming && isBetween && isOfLast && !final ? `Next: ${coming.title} …` : message;
}

/**
 * Whether a text is of the step that runs, and of the attempt that runs it: it may come late, or from a worker that has
 * yet to learn that it lost the job.
 *
 * @param {JobState} state
 * @param {any} event
 */
function isCurrent({ steps, attempt }, event) {
  if (typeof event.text !== "string" || event.attempt !== attempt) return false;
  return steps.some(({ key, status }) => key === event.step_key && status === "running");
}

/** @param {Step[]} steps @param {any} event */
function moveSteps(steps, event) {
  const at = Date.parse(event.timestamp);
  return steps.map((step) => {
    if (step.key !== event.step_key) return step;
    if (!event.done && !event.failed) return { ...step, status: /** @type {StepStatus} */ ("running"), since: at };
    const status = /** @type {StepStatus} */ (event.failed ? "failed" : "done");
    const seconds = step.since === null ? null : (at - step.since) / 1000;
    return { ...step, status, seconds, summary: event.message ?? "" };
  });
}

/** @param {Step[]} steps @param {string | undefined} key */
function failStep(steps, key) {
  return steps.map((step) => (step.key === key ? { ...step, status: /** @type {StepStatus} */ ("failed") } : step));
}
