import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, line, merge, read } from "../../strategies/static/strategies/job-state.js";
import { duration, remaining, title, usage } from "../../strategies/static/strategies/job-view.js";

/** @param {object} [more] */
function snapshot(more = {}) {
  const step = { status: "pending", summary: "", seconds: null, copied: false };
  return {
    status: "queued",
    progress: 0,
    message: "Waiting for a worker.",
    eta: null,
    steps: [
      { ...step, key: "one", number: 1, title: "First" },
      { ...step, key: "two", number: 2, title: "Second" },
    ],
    ...more,
  };
}

/** @param {number} seconds */
const at = (seconds) => new Date(1_000_000 + seconds * 1000).toISOString();
/** @param {object} more */
const progress = (more) => ({ type: "progress", timestamp: at(0), steps: 2, ...more });

/** The state after these events. @param {...object} events */
const after = (...events) => events.reduce(apply, read(snapshot()));

test("a step begins, and ends with its result and its time", () => {
  const begun = after(progress({ step: 1, step_key: "one", progress: 0, message: "First …" }));
  const end = { step_key: "one", done: true, progress: 50, message: "3 found.", timestamp: at(2.5) };
  const ended = apply(begun, progress(end));

  assert.equal(begun.steps[0].status, "running");
  assert.deepEqual(
    [ended.steps[0].status, ended.steps[0].summary, ended.steps[0].seconds, ended.progress],
    ["done", "3 found.", 2.5, 50],
  );
  assert.equal(ended.steps[1].status, "pending");
});

test("between two steps the next one is named, not what the last one made", () => {
  const begun = progress({ step: 1, step_key: "one", message: "First …" });
  const ended = after(begun, progress({ step_key: "one", done: true, message: "3 found." }));
  const next = apply(ended, progress({ step: 2, step_key: "two", message: "Second …" }));

  assert.deepEqual([after(begun), ended, next].map(line), ["First …", "Next: Second …", "Second …"]);
  assert.equal(line(apply(next, progress({ step_key: "two", done: true, message: "Ended." }))), "Ended.");
});

test("a job without a worker is said to wait for one until somebody goes on", () => {
  const begun = after(progress({ step: 1, step_key: "one", message: "First …" }));
  const queued = apply(begun, { type: "status", status: "queued", message: "Its worker is stopping; another goes on." });
  const lost = merge(begun, snapshot({ status: "running", waiting: true }));
  const claimed = apply(lost, { type: "status", status: "running", attempt: 2, message: "The worker was lost; another goes on." });

  assert.deepEqual([queued, lost].map(line), ["Waiting for a worker.", "Waiting for a worker."]);
  assert.equal(line(claimed), "The worker was lost; another goes on.");
  assert.equal(merge(claimed, snapshot({ attempt: 1, waiting: true })).waiting, false);
});

test("a step that failed says why", () => {
  const state = after(progress({ step_key: "one", failed: true, progress: 50, message: "The model said no." }));

  assert.deepEqual([state.steps[0].status, state.steps[0].summary], ["failed", "The model said no."]);
  assert.equal(state.final, false);
});

test("a step whose beginning was not seen has no time of our own making", () => {
  assert.equal(after(progress({ step_key: "one", done: true })).steps[0].seconds, null);
});

test("progress never goes back", () => {
  assert.equal(after(progress({ progress: 40 }), progress({ progress: 30 })).progress, 40);
});

test("events do not change the state they were applied to", () => {
  const before = read(snapshot());
  const copy = structuredClone(before);

  apply(before, progress({ step_key: "one", progress: 40, message: "…" }));

  assert.deepEqual(before, copy);
});

test("the lesson of a step is shown until another step begins", () => {
  const lesson = { title: "Why a brief" };
  const taught = after(
    progress({ step: 1, step_key: "one" }),
    { type: "educational", step: 1, educational_content: lesson },
    progress({ step: 1, step_key: "one", done: true }),
  );

  const next = apply(taught, progress({ step: 2, step_key: "two" }));

  assert.equal(taught.lesson, lesson);
  assert.equal(next.lesson, null);
});

test("a lesson that the page was rendered with stays while its step is at work", () => {
  const lesson = { title: "Why a brief" };
  const rendered = read(snapshot({ step: 1, lesson }));

  const merged = merge(rendered, snapshot({ step: 1 }));
  const ended = apply(merged, progress({ step: 1, step_key: "one", done: true }));

  assert.equal(ended.lesson, lesson);
});

for (const [event, status] of /** @type {[object, string][]} */ ([
  [{ type: "complete", status: "succeeded", progress: 100, final: true }, "succeeded"],
  [{ type: "complete", status: "partial", progress: 100, final: true }, "partial"],
  [{ type: "error", status: "failed", error: { step_key: "two" }, final: true }, "failed"],
  [{ type: "status", status: "cancelled", final: true }, "cancelled"],
])) {
  test(`a job that is ${status} stays so, whatever arrives late`, () => {
    const ended = after(event);

    const later = apply(ended, { type: "status", status: "running", progress: 10 });

    assert.deepEqual([ended.status, ended.final], [status, true]);
    assert.equal(later, ended);
  });
}

test("a job's error marks the step it names", () => {
  const state = after({ type: "error", status: "failed", error: { step_key: "two" }, final: true });

  assert.deepEqual(state.steps.map(({ status }) => status), ["pending", "failed"]);
});

test("the text of the running step is shown until the step ends", () => {
  const text = { type: "text", step_key: "one", attempt: 0, text: "So far" };
  const begun = after(progress({ step: 1, step_key: "one" }), text);
  const later = apply(begun, { ...text, text: "So far so good" });

  assert.deepEqual([begun.text, later.text], ["So far", "So far so good"]);
  assert.equal(apply(later, { type: "educational", step: 1, educational_content: { title: "Rivals" } }).text, later.text);
  for (const event of [
    progress({ step_key: "one", done: true }),
    progress({ step_key: "one", failed: true }),
    { type: "status", status: "queued", reason: "retrying" },
    { type: "complete", status: "succeeded", final: true },
  ]) {
    assert.equal(apply(later, event).text, "");
  }
});

test("a text of another step or another attempt is dropped", () => {
  const begun = after({ type: "status", attempt: 2, status: "running" }, progress({ step: 1, step_key: "one" }));
  const text = { type: "text", step_key: "one", attempt: 2, text: "So far" };

  assert.equal(apply(begun, text).text, "So far");
  for (const other of [{ attempt: 1 }, { attempt: 3 }, { attempt: undefined }, { step_key: "two" }, { text: 7 }]) {
    assert.equal(apply(begun, { ...text, ...other }), begun);
  }
  const ended = apply(begun, progress({ step: 1, step_key: "one", done: true }));
  assert.equal(apply(ended, text), ended);
});

test("the attempt never goes back", () => {
  const state = after({ type: "status", attempt: 3, status: "running" });

  assert.deepEqual(
    [merge(state, snapshot({ attempt: 2 })).attempt, merge(state, snapshot({ attempt: 4 })).attempt],
    [3, 4],
  );
});

test("an event of a newer server is no accident", () => {
  const state = after({ type: "progress", step_key: "three", timestamp: "nonsense", progress: "many", extra: [1] });

  assert.deepEqual(state.steps, read(snapshot()).steps);
  assert.equal(state.progress, 0);
});

test("a snapshot that is older than what was seen takes nothing back", () => {
  const state = after(progress({ step_key: "one", done: true, progress: 50, message: "3 found." }));

  const merged = merge(state, snapshot({ status: "running", progress: 10, message: "First …" }));

  assert.deepEqual([merged.progress, merged.message, merged.steps[0].status], [50, "3 found.", "done"]);
});

test("a newer snapshot fills in what was not seen", () => {
  const [one, two] = snapshot().steps;
  const done = { ...one, status: "done", summary: "3 found.", seconds: 1.5 };
  const told = snapshot({ status: "running", progress: 60, eta: { low: 5, high: 9 }, steps: [done, two] });

  const merged = merge(read(snapshot()), told);

  assert.deepEqual([merged.progress, merged.eta, merged.steps[0].seconds], [60, { low: 5, high: 9 }, 1.5]);
});

test("the time that is left runs down between two estimates, and never below nothing", () => {
  const eta = { low: 5, high: 20 };

  assert.equal(remaining(eta), "about 5–20 s left");
  assert.equal(remaining(eta, 3.4), "about 2–17 s left");
  assert.equal(remaining(eta, 12), "about 0–8 s left");
  assert.equal(remaining(eta, 20), "taking longer than usual");
  assert.equal(remaining({ low: 100, high: 200 }, 60), "about 1–2 min left");
  assert.equal(remaining(null, 3), "");
});

test("a snapshot never revives a job that has ended", () => {
  const ended = after({ type: "status", status: "cancelled", final: true });

  assert.equal(merge(ended, snapshot({ status: "running" })).status, "cancelled");
});

test("the title tells the percentage, and then how it ended", () => {
  const state = read(snapshot({ progress: 42 }));

  assert.equal(title(state, "Ferry"), "42 % · Ferry");
  assert.equal(title({ ...state, final: true, status: "partial" }, "Ferry"), "✓ Ferry");
  assert.equal(title({ ...state, final: true, status: "failed" }, "Ferry"), "✗ Ferry");
});

test("what a model used is put as the server puts it", () => {
  const [step] = snapshot().steps;

  assert.equal(usage(step), "");
  assert.equal(usage({ ...step, tokens_in: 1200, tokens_out: 340 }), "1,200 tokens read, 340 written");
  assert.equal(usage({ ...step, tokens_in: 1, tokens_out: 2, cost: 0.01234 }), "1 tokens read, 2 written, US$ 0.0123");
});

test("times are put as the server puts them", () => {
  assert.deepEqual([0.04, 9.96, 12.4, 65].map(duration), ["under 0.1 s", "10.0 s", "12 s", "1 min 5 s"]);
  assert.deepEqual(
    [null, { low: 5, high: 9 }, { low: 60, high: 200 }].map((eta) => remaining(eta)),
    ["", "about 5–9 s left", "about 1–3 min left"],
  );
});
