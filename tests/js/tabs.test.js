import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { SSEConnection } from "../../sse/static/sse/SSEConnection.js";
import { createBrowser, createClock, createEventSource, createFetch, settle, until } from "./doubles.js";

/** @type {ReturnType<typeof createBrowser>} */
let browser;
/** @type {ReturnType<typeof createClock>} */
let clock;
/** @type {ReturnType<typeof createEventSource>} */
let sources;
/** @type {ReturnType<typeof createFetch>} */
let web;
/** @type {SSEConnection[]} */
let tabs;

beforeEach(() => {
  browser = createBrowser();
  clock = createClock();
  sources = createEventSource();
  web = createFetch();
  tabs = [];
});

afterEach(async () => {
  for (const tab of tabs) tab.disconnect();
  await rest();
  assert.equal(clock.waiting, 0, "closed tabs leave no timer");
  assert.deepEqual(browser.held, [], "nor a lock");
  assert.equal(browser.channels.size, 0, "nor a channel");
});

/** Let messages between tabs arrive. */
async function rest() {
  for (let turn = 0; turn < 5; turn += 1) await settle();
}

/**
 * Open a tab.
 *
 * @param {string} [topics] such as "job:1"
 * @param {import("../../sse/static/sse/SSEConnection.js").SSEOptions} [options]
 */
async function open(topics = "job:1", options = {}) {
  const url = `/sse/stream?${topics
    .split(",")
    .map((topic) => `topic=${topic}`)
    .join("&")}`;
  const { EventSource } = sources;
  const { BroadcastChannel, locks } = browser;
  const doubles = { EventSource, fetch: web.fetch, timers: clock.timers, random: () => 0.5, BroadcastChannel, locks };
  const tab = new SSEConnection(url, { user: 7, ...doubles, ...options });
  /** @type {string[]} */
  const heard = [];
  for (const type of ["progress", "complete"]) tab.on(type, ({ topic, seq }) => heard.push(`${topic}=${seq}`));
  tabs.push(tab);
  const channels = browser.channels.size;
  tab.connect();
  await until(() => browser.channels.size > channels);
  await rest();
  return { tab, heard };
}

/** The server tells of a topic. @param {string} topic @param {number} seq @param {object} [more] */
async function tell(topic, seq, more = {}) {
  sources.current.say("progress", { topic, seq, ...more }, `${seq}`);
  await rest();
}

async function greet(topics = {}) {
  sources.current.say("hello", { heartbeat_seconds: 15, topics });
  await rest();
}

const asked = () => new URL(sources.current.url, "http://host").searchParams;
const alive = () => sources.opened.filter(({ readyState }) => readyState !== 2).length;

test("eight tabs of one topic have one stream, and all hear the same", async () => {
  const all = [];
  for (let tab = 0; tab < 8; tab += 1) all.push(await open());
  await greet();

  await tell("job:1", 1);
  await tell("job:1", 2);

  assert.equal(sources.opened.length, 1);
  for (const { tab, heard } of all) {
    assert.equal(tab.state, "live");
    assert.deepEqual(heard, ["job:1=1", "job:1=2"]);
    assert.equal(tab.cursor, "2");
  }
});

test("tabs of different topics have one stream of all, and each hears its own", async () => {
  const one = await open("job:1", { lastEventId: 4 });
  await greet();
  await tell("job:1", 5);

  const two = await open("job:2", { lastEventId: 7 });
  const query = [asked().getAll("topic"), asked().get("lastEventId")];
  await greet();
  await tell("job:1", 6);
  await tell("job:2", 8);

  assert.deepEqual(query, [["job:1", "job:2"], "job:1=5,job:2=7"]);
  assert.equal(alive(), 1);
  assert.deepEqual([one.heard, one.tab.cursor], [["job:1=5", "job:1=6"], "6"]);
  assert.deepEqual([two.heard, two.tab.cursor], [["job:2=8"], "8"]);
});

test("the tabs of another user have a stream of their own", async () => {
  await open("job:1");

  await open("job:1", { user: 8 });

  assert.equal(alive(), 2);
});

test("a tab that knows less than the leader gets what it lacks, and the others nothing twice", async () => {
  const first = await open("job:1");
  await greet();
  for (const seq of [1, 2, 3]) await tell("job:1", seq);

  const second = await open("job:1", { lastEventId: 1 });
  const from = asked().get("lastEventId");
  await greet();
  for (const seq of [2, 3, 4]) await tell("job:1", seq);

  assert.equal(from, "1");
  assert.deepEqual(first.heard, ["job:1=1", "job:1=2", "job:1=3", "job:1=4"]);
  assert.deepEqual(second.heard, ["job:1=2", "job:1=3", "job:1=4"]);
});

test("a tab that knows more than the leader hears nothing again", async () => {
  await open("job:1");
  await greet();
  await tell("job:1", 1);

  const second = await open("job:1", { lastEventId: 2 });
  await tell("job:1", 2);
  await tell("job:1", 3);

  assert.equal(sources.opened.length, 1);
  assert.deepEqual(second.heard, ["job:1=3"]);
});

test("when the leader closes another goes on where all stand", async () => {
  const first = await open("job:1");
  const second = await open("job:1");
  const third = await open("job:2");
  await greet();
  await tell("job:1", 1);
  await tell("job:2", 1);

  first.tab.disconnect();
  await rest();
  const from = asked().get("lastEventId");
  await greet();
  await tell("job:1", 2);
  await tell("job:2", 2);

  assert.equal(from, "job:1=1,job:2=1");
  assert.equal(alive(), 1);
  assert.deepEqual(second.heard, ["job:1=1", "job:1=2"]);
  assert.deepEqual(third.heard, ["job:2=1", "job:2=2"]);
});

test("a leader that falls silent with the lock in its hands is relieved", async () => {
  const first = await open("job:1");
  const second = await open("job:1");
  await greet();
  await tell("job:1", 1);
  // What it says reaches nobody, and it hears nothing: a frozen process.
  const [frozen] = browser.channels;
  browser.channels.delete(frozen);

  await clock.forward(37);
  const before = sources.opened.length;
  await clock.forward(2);
  await rest();
  const from = asked().get("lastEventId");
  browser.channels.add(frozen);
  await greet();
  await tell("job:1", 2);

  assert.equal(before, 1);
  assert.equal(from, "1");
  assert.deepEqual(second.heard, ["job:1=1", "job:1=2"]);
  assert.deepEqual(first.heard, ["job:1=1", "job:1=2"]);
  assert.equal(alive(), 1);
});

test("a number that a tab missed is fetched for it", async () => {
  const first = await open("job:1");
  const second = await open("job:1");
  await greet();
  await tell("job:1", 1);
  const deaf = [...browser.channels][1];
  browser.channels.delete(deaf);
  await tell("job:1", 2);
  browser.channels.add(deaf);

  await tell("job:1", 3);
  const from = asked().get("lastEventId");
  await greet();
  for (const seq of [2, 3]) await tell("job:1", seq);

  assert.equal(from, "1");
  assert.deepEqual(second.heard, ["job:1=1", "job:1=2", "job:1=3"]);
  assert.deepEqual(first.heard, second.heard);
});

test("the last number ends the tabs of its topic, and only them", async () => {
  const first = await open("job:1");
  const second = await open("job:2");
  const third = await open("job:1");
  await greet();

  await tell("job:1", 1, { final: true });

  assert.deepEqual([first.tab.state, second.tab.state, third.tab.state], ["closed", "live", "closed"]);
  await greet();
  await tell("job:2", 1);
  assert.deepEqual(second.heard, ["job:2=1"]);
});

test("a tab that missed a number before the last is not over before it has it", async () => {
  await open("job:1");
  const second = await open("job:1");
  await open("job:2");
  await greet();
  const deaf = [...browser.channels][1];
  browser.channels.delete(deaf);
  await tell("job:1", 1);
  browser.channels.add(deaf);

  await tell("job:1", 2, { final: true });
  await greet();
  await tell("job:1", 1);
  await tell("job:1", 2, { final: true });

  assert.deepEqual(second.heard, ["job:1=1", "job:1=2"]);
  assert.equal(second.tab.state, "closed");
});

test("who comes when all was told hears that it is over", async () => {
  await open("job:2");
  const second = await open("job:1", { lastEventId: 9 });

  await greet([{ topic: "job:1", seq: 9, closed: true }]);

  assert.equal(second.tab.state, "closed");
});

test("signing out ends all tabs", async () => {
  const first = await open("job:1");
  const second = await open("job:2");
  await greet();
  /** @type {unknown[]} */
  const reasons = [];
  for (const { tab } of [first, second]) tab.on("state", ({ reason }) => reason && reasons.push(reason));

  sources.current.say("bye", { reason: "signed_out" });
  await rest();

  assert.deepEqual(reasons, ["signed_out", "signed_out"]);
});

test("connections of one page make one claim, and the next leads when the first is closed", async () => {
  const { locks } = browser;
  const first = await open("job:1", { locks });
  const second = await open("job:1", { locks });
  const third = await open("job:2", { locks });
  await greet();
  await tell("job:1", 1);
  const waiting = browser.waiting;

  first.tab.disconnect();
  await rest();
  const from = asked().get("lastEventId");
  await greet();
  await tell("job:1", 2);
  await tell("job:2", 1);

  assert.deepEqual([waiting, browser.waiting, alive()], [0, 0, 1]);
  assert.equal(from, "job:1=1,job:2=0");
  assert.deepEqual([first.heard, second.heard, third.heard], [["job:1=1"], ["job:1=1", "job:1=2"], ["job:2=1"]]);
});

test("a page waits for the lock once, and its next goes on waiting when the first is closed", async () => {
  const leader = await open("job:1");
  const { locks } = browser;
  const first = await open("job:1", { locks });
  const second = await open("job:1", { locks });
  await greet();
  const waiting = browser.waiting;

  first.tab.disconnect();
  await rest();
  const after = browser.waiting;
  leader.tab.disconnect();
  await rest();
  await greet();
  await tell("job:1", 1);

  assert.deepEqual([waiting, after, browser.waiting], [1, 1, 0]);
  assert.deepEqual(second.heard, ["job:1=1"]);
});

test("a page whose first connection was closed relieves a silent leader all the same", async () => {
  await open("job:1");
  const { locks } = browser;
  const first = await open("job:1", { locks });
  const second = await open("job:1", { locks });
  await greet();
  const [frozen] = browser.channels;
  browser.channels.delete(frozen);
  first.tab.disconnect();
  await rest();

  await clock.forward(40);
  await rest();
  browser.channels.add(frozen);
  await greet();
  await tell("job:1", 1);

  assert.equal(alive(), 1);
  assert.deepEqual(second.heard, ["job:1=1"]);
});

test("what is refused to one tab is not refused to the others", async () => {
  const first = await open("job:1");
  const second = await open("job:2");
  /** @type {unknown[]} */
  const reasons = [];
  second.tab.on("state", ({ reason }) => reason && reasons.push(reason));

  sources.current.refuse();
  await rest();
  await web.current.answer(404);
  await rest();
  const [one, two] = sources.opened.slice(-2);
  one.greet();
  two.refuse();
  await rest();
  await web.current.answer(404);
  await rest();

  assert.deepEqual([one.url, two.url].map((url) => new URL(url, "http://host").searchParams.getAll("topic")), [
    ["job:1"],
    ["job:2"],
  ]);
  assert.equal(first.tab.state, "live");
  assert.deepEqual(reasons, ["gone"]);
});

test("where streams cannot be had each tab polls plainly, and all come back to the stream", async () => {
  const polled = { pollUrl: "/api/jobs/1/events" };
  const first = await open("job:1", polled);
  const second = await open("job:1", polled);
  await clock.forward(8);
  await rest();
  const polls = web.requests.slice();
  for (const poll of polls) await poll.answer(200, { events: [], cursor: "0", final: false });
  const states = [first.tab.state, second.tab.state];
  await clock.forward(10);
  const waits = web.requests.map(({ url }) => url.searchParams.get("wait"));

  await clock.forward(50);
  await greet();

  assert.deepEqual(states, ["polling", "polling"]);
  assert.deepEqual([...new Set(waits)], [null]);
  assert.equal(polls.length, 2);
  assert.deepEqual([first.tab.state, second.tab.state], ["live", "live"]);
});

test("a reset reaches each tab with a cursor of its own", async () => {
  const first = await open("job:1", { lastEventId: 3 });
  const second = await open("job:2", { lastEventId: 900 });
  await greet();

  sources.current.say("reset", { topic: "job:2", reason: "ahead", cursor: "job:1=3,job:2=4" });
  await rest();
  await tell("job:2", 5);

  assert.deepEqual([first.tab.cursor, second.tab.cursor], ["3", "5"]);
  assert.deepEqual(second.heard, ["job:2=5"]);
});

test("more topics than a stream may have make tabs with streams of their own", async () => {
  for (let topic = 1; topic <= 20; topic += 1) await open(`job:${topic}`);

  await open("job:21");
  const own = asked().getAll("topic");

  assert.deepEqual(own, ["job:21"]);
  assert.equal(alive(), 2);
});

test("a browser without locks gives each tab its own stream", async () => {
  const { EventSource } = sources;
  const options = { user: 7, EventSource, fetch: web.fetch, timers: clock.timers, locks: null };
  const tab = new SSEConnection("/sse/stream?topic=job:1", options);
  tabs.push(tab);

  tab.connect();
  await greet();

  assert.equal(tab.state, "live");
});

test("a browser that refuses locks, as where it blocks what sites store, gives each tab its own stream", async () => {
  const request = () => Promise.reject(new DOMException("denied", "SecurityError"));
  const locks = /** @type {any} */ ({ request });
  const first = await open("job:1", { locks });
  const second = await open("job:1", { locks });

  for (const source of sources.opened) source.greet();
  for (const source of sources.opened) source.tell(1);
  await rest();

  assert.equal(alive(), 2);
  assert.deepEqual([first.heard, second.heard], [["job:1=1"], ["job:1=1"]]);
});

test("a browser that refuses channels, as Firefox where it blocks what sites store, gives each tab its own stream", async () => {
  class Refused {
    constructor() {
      throw new DOMException("denied", "SecurityError");
    }
  }
  const doubles = { EventSource: sources.EventSource, fetch: web.fetch, timers: clock.timers, locks: browser.locks };
  const BroadcastChannel = /** @type {any} */ (Refused);
  const tab = new SSEConnection("/sse/stream?topic=job:1", { user: 7, ...doubles, BroadcastChannel });
  tabs.push(tab);

  tab.connect();
  await until(() => sources.opened.length > 0);
  sources.current.greet();

  assert.equal(tab.state, "live");
});
