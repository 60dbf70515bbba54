/** What the elements of jobs decide: rows of a list, lessons that wait, notices, the tab's icon. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { draw } from "../../strategies/static/strategies/favicon.js";
import { createNotice } from "../../strategies/static/strategies/finish-notice.js";
import { apply, isActive, place, read } from "../../strategies/static/strategies/job-rows.js";
import { createDeck, isPaused, remember } from "../../strategies/static/strategies/lessons.js";
import { told } from "../../strategies/static/strategies/texts.js";

const row = read({ status: "queued", progress: "0", step: "0", kind: "strategy" });

test("a row of a list moves on with its job's events, and never back", () => {
  const begun = apply(row, { type: "progress", step: 1, steps: 8, progress: 0 });
  const further = apply(begun, { type: "progress", step: 2, steps: 8, progress: 35, message: "Half" });
  const late = apply(further, { type: "progress", step: 2, progress: 20 });
  const ended = apply(late, { type: "complete", status: "succeeded", progress: 100 });

  assert.deepEqual([begun.status, further.progress, further.message, late.progress], ["running", 35, "Half", 35]);
  assert.equal(isActive(ended), false);
  assert.deepEqual(apply(ended, { type: "progress", progress: 20 }), ended);
});

test("a row says at which step its job is, as far as that is known", () => {
  const words = { looks: {}, steps: { strategy: ["Reading", "Writing"] } };

  assert.equal(place(row, words), "");
  assert.equal(place({ ...row, step: 2 }, words), "2/2 Writing");
  assert.equal(place({ ...row, step: 2, steps: 8, kind: "newer" }, words), "2/8");
});

const first = { lesson: { title: "One" }, step: "First" };
const second = { lesson: { title: "Two" }, step: "Second" };

test("lessons follow the work", () => {
  const deck = createDeck(false);
  deck.offer(first);
  deck.offer(second);
  const shown = deck.shown;
  deck.offer(null);

  assert.deepEqual([shown, deck.shown, deck.isWaiting], [second, null, false]);
});

test("a lesson that is being read stays while lessons are paused, and the next one waits", () => {
  const deck = createDeck(true);
  deck.offer(first);
  deck.offer(second);
  const before = [deck.shown, deck.isWaiting];
  deck.turn();

  assert.deepEqual(before, [first, true]);
  assert.deepEqual([deck.shown, deck.isWaiting], [second, false]);
});

test("lessons that are paused no more go on where the work is", () => {
  const deck = createDeck(true);
  deck.offer(first);
  deck.offer(second);

  deck.pause(false);

  assert.deepEqual([deck.shown, deck.paused], [second, false]);
});

test("a step without a lesson takes none away from who has paused them, and offers nothing", () => {
  const deck = createDeck(true);
  deck.offer(first);

  deck.offer(null);

  assert.deepEqual([deck.shown, deck.isWaiting], [first, false]);
});

/** A store like the browser's. */
function store() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

test("whether lessons are paused is remembered; before, less motion means that they are", () => {
  const storage = store();
  const before = [isPaused(storage, false), isPaused(storage, true)];
  remember(storage, false);
  const still = isPaused(storage, true);
  remember(storage, true);

  assert.deepEqual(before, [false, true]);
  assert.equal(still, false);
  assert.equal(isPaused(storage, false), true);
});

/** A browser that answers so when it is asked, and what it was told. @param {string} answer @param {boolean} [hidden] */
function browser(answer, hidden = true) {
  /** @type {any[]} */
  const told = [];
  const asked = { times: 0 };
  class Notification {
    static permission = "default";
    static async requestPermission() {
      asked.times += 1;
      return (Notification.permission = answer);
    }
    /** @param {string} title @param {any} options */
    constructor(title, options) {
      told.push([title, options.body, options.tag]);
    }
  }
  const means = { Notification: /** @type {any} */ (Notification), storage: store(), isHidden: () => hidden };
  return { told, asked, means };
}

test("a browser is asked only when its reader asks", async () => {
  const { asked, means, told } = browser("granted");
  const notice = createNotice("job-1", means);

  notice.tell("✓ Two bakeries");

  assert.deepEqual([asked.times, told.length, notice.isOn], [0, 0, false]);
});

test("the end is told once to who looks elsewhere", async () => {
  const { told, means } = browser("granted");
  const notice = createNotice("job-1", means);

  const standing = await notice.toggle();
  notice.tell("✓ Two bakeries", { body: "All done." });
  notice.tell("✓ Two bakeries", { body: "All done." });

  assert.equal(standing, "on");
  assert.deepEqual(told, [["✓ Two bakeries", "All done.", "job-1"]]);
});

test("who looks at the page is not told besides", async () => {
  const { told, means } = browser("granted", false);
  const notice = createNotice("job-1", means);
  await notice.toggle();

  notice.tell("✓ Two bakeries");

  assert.deepEqual(told, []);
});

for (const [answer, standing] of [["denied", "denied"], ["default", "unanswered"]]) {
  test(`a browser that says "${answer}" is believed`, async () => {
    const { told, means } = browser(answer);
    const notice = createNotice("job-1", means);

    assert.equal(await notice.toggle(), standing);
    notice.tell("✓ Two bakeries");
    assert.deepEqual([notice.isOn, told], [false, []]);
  });
}

test("the wish outlives a reload, and can be taken back", async () => {
  const { means } = browser("granted");
  await createNotice("job-1", means).toggle();

  const reloaded = createNotice("job-1", means);
  const before = reloaded.isOn;
  const standing = await reloaded.toggle();

  assert.deepEqual([before, standing], [true, "off"]);
  assert.equal(createNotice("job-1", means).isOn, false);
});

test("a browser that knows notifications and cannot show them breaks nothing", async () => {
  const { means } = browser("granted");
  const Notification = Object.assign(
    function () {
      throw new TypeError("Illegal constructor");
    },
    { permission: "granted", requestPermission: async () => "granted" },
  );
  const notice = createNotice("job-1", { ...means, Notification: /** @type {any} */ (Notification) });
  await notice.toggle();

  notice.tell("✓ Two bakeries");

  assert.equal(notice.isOn, false);
});

test("without notifications there is nothing to ask for", () => {
  assert.equal(createNotice("job-1", { ...browser("granted").means, Notification: undefined }).isPossible, false);
});

test("the tab's icon closes a ring, then shows how it ended", () => {
  const [half, good, bad] = [
    draw({ status: "running", progress: 50, final: false }),
    draw({ status: "partial", progress: 100, final: true }),
    draw({ status: "cancelled", progress: 50, final: true }),
  ];

  assert.match(half, /stroke-dasharray="50 100"/);
  assert.match(good, /#1d6f3c/);
  assert.match(bad, /#ab231c/);
});

test("an ended job has the same icon before a reload, drawn, and after it, from the server", () => {
  const file = (/** @type {string} */ name) =>
    readFileSync(new URL(`../../strategies/static/strategies/icon-${name}.svg`, import.meta.url), "utf8").trim();

  assert.equal(draw({ status: "succeeded", progress: 100, final: true }), file("good"));
  assert.equal(draw({ status: "failed", progress: 50, final: true }), file("bad"));
});

test("what the server said is found in the page's language, also where it says a word twice", () => {
  const known = { "Ask {who}, or wait for {who}; {count} wait": "{count} warten: {who} fragen oder auf {who} warten" };

  assert.equal(told("Ask Ida, or wait for Ida; 3 wait", known), "3 warten: Ida fragen oder auf Ida warten");
  assert.equal(told("Ask Ida, or wait for Max; 3 wait", known), "Ask Ida, or wait for Max; 3 wait");
});
