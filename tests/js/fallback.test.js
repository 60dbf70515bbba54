import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { SSEConnection } from "../../sse/static/sse/SSEConnection.js";
import { createClock, createEventSource, createFetch, settle } from "./doubles.js";

/** @type {ReturnType<typeof createClock>} */
let clock;
/** @type {ReturnType<typeof createEventSource>} */
let sources;
/** @type {ReturnType<typeof createFetch>} */
let web;
/** @type {SSEConnection} */
let connection;
/** @type {number[]} */
let numbers;

beforeEach(() => {
  clock = createClock();
  sources = createEventSource();
  web = createFetch();
  connection = new SSEConnection("/sse/stream?topic=job:1", {
    pollUrl: "/api/jobs/1/events",
    EventSource: sources.EventSource,
    fetch: web.fetch,
    timers: clock.timers,
    random: () => 0.5,
  });
  numbers = [];
  connection.on("progress", ({ seq }) => numbers.push(seq));
});

afterEach(async () => {
  connection.disconnect();
  await settle();
  assert.equal(clock.waiting, 0, "a closed connection leaves no timer");
});

/** @param {...number} seqs */
function answer(...seqs) {
  const events = seqs.map((seq) => ({ type: "progress", topic: "job:1", seq }));
  return { events, cursor: String(seqs.at(-1) ?? 0), final: false, more: false };
}

/** Connect to a server whose streams are switched off; the first poll is then under way. */
async function connectWithoutStreams() {
  const opening = connection.connect();
  sources.current.refuse();
  await settle();
  await web.current.answer(503, null, { "Retry-After": "30" });
  return { opening };
}

/** Let time pass on a server where nothing happens: long polls are answered after 25 s. @param {number} seconds */
async function wait(seconds) {
  for (let left = seconds; left > 0; left -= 25) {
    await clock.forward(Math.min(25, left));
    if (left > 25) await web.current.answer(200, { ...answer(), cursor: connection.cursor });
    await clock.forward(0);
  }
}

test("where streams are refused, events are fetched", async () => {
  const { opening } = await connectWithoutStreams();

  const { pathname } = web.current.url;
  await web.current.answer(200, answer(1, 2));
  await opening;

  assert.equal(pathname, "/api/jobs/1/events");
  assert.deepEqual(numbers, [1, 2]);
  assert.equal(connection.state, "polling");
  assert.equal(connection.cursor, "2");
});

test("the first request answers at once, the next ones wait for news", async () => {
  await connectWithoutStreams();
  const first = web.current.url.searchParams;
  await web.current.answer(200, answer(1));
  await clock.forward(0);

  const second = web.current.url.searchParams;

  assert.equal(first.get("wait"), null);
  assert.equal(second.get("wait"), "25");
  assert.equal(second.get("after"), "1");
});

for (const [what, status, type] of /** @type {[string, number, string][]} */ ([
  ["a proxy that does not know the path", 404, "text/html"],
  ["too many streams", 429, "application/problem+json"],
  ["a server that cannot stream, as under WSGI,", 501, "application/problem+json"],
  ["a proxy's own page", 200, "text/html"],
  ["a request that a proxy forbids to stream", 406, "text/plain"],
])) {
  test(`${what} (${status}) leads to polling`, async () => {
    connection.connect();
    sources.current.refuse();
    await settle();
    await web.current.answer(status, "", { "Content-Type": type });

    await web.current.answer(200, answer());

    assert.equal(connection.state, "polling");
  });
}

test("a server that cannot stream is asked for one each minute, and polled meanwhile", async () => {
  /** @type {string[]} */
  const states = [];
  connection.on("state", ({ state }) => states.push(state));
  connection.connect();
  sources.current.refuse();
  await settle();
  await web.current.answer(501);
  await web.current.answer(200, answer(1));

  await wait(59);
  const early = sources.opened.length;
  await wait(2);

  assert.deepEqual(states, ["connecting", "polling"]);
  assert.deepEqual([early, sources.opened.length], [1, 2]);
});

test("a stream that stays dumb for eight seconds, as behind a proxy that buffers, leads to polling", async () => {
  connection.connect();
  sources.current.readyState = 1;
  sources.current.dispatchEvent(new Event("open"));

  await clock.forward(7.9);
  const early = web.requests.length;
  await clock.forward(0.2);
  await web.current.answer(200, answer(1));

  assert.equal(early, 0);
  assert.equal(sources.current.readyState, 2);
  assert.deepEqual(numbers, [1]);
});

test("where streams came before, one that stays dumb is tried again at its own pace, and events are fetched", async () => {
  connection.connect();
  sources.current.greet();
  sources.current.break();
  await clock.forward(1);

  await clock.forward(8);
  await web.current.answer(200, answer(1));
  const state = connection.state;
  await clock.forward(2);
  sources.current.greet();

  assert.equal(state, "polling");
  assert.equal(sources.opened.length, 3);
  assert.equal(connection.state, "live");
  assert.deepEqual(numbers, [1]);
});

test("three losses in a row lead to polling", async () => {
  connection.connect();
  sources.current.break();
  await clock.forward(1);
  sources.current.break();
  await clock.forward(2);
  const early = web.requests.length;

  sources.current.break();
  await settle();

  assert.equal(early, 0);
  assert.equal(web.current.url.pathname, "/api/jobs/1/events");
});

test("after losses the stream is tried on at its own pace while events are fetched", async () => {
  connection.connect();
  for (const wait of [1, 2]) {
    sources.current.break();
    await clock.forward(wait);
  }
  sources.current.break();
  await settle();
  await web.current.answer(200, answer(1));

  await clock.forward(4);
  sources.current.greet();

  assert.equal(sources.opened.length, 4);
  assert.equal(connection.state, "live");
});

test("polling goes back to streaming, and nothing is lost or doubled on the way", async () => {
  await connectWithoutStreams();
  await web.current.answer(200, answer(1, 2));
  await clock.forward(0);

  await wait(60);
  const longPoll = web.current;
  const probe = sources.current;
  const whileProbing = connection.state;
  probe.greet();
  for (const seq of [2, 3]) probe.tell(seq);

  assert.equal(whileProbing, "polling");
  assert.equal(new URL(probe.url, "http://host").searchParams.get("lastEventId"), "2");
  assert.equal(connection.state, "live");
  assert.equal(longPoll.init.signal?.aborted, true);
  assert.deepEqual(numbers, [1, 2, 3]);
});

test("a stream tried in vain while polling leaves polling alone", async () => {
  await connectWithoutStreams();
  await web.current.answer(200, answer(1));
  await clock.forward(0);
  await wait(60);
  /** @type {string[]} */
  const states = [];
  connection.on("state", ({ state }) => states.push(state));

  sources.current.break();
  await wait(30);

  assert.deepEqual(states, []);
  assert.equal(connection.state, "polling");
});

test("the stream is tried each minute, not more often", async () => {
  await connectWithoutStreams();
  await web.current.answer(200, answer(1));

  await wait(59);
  const early = sources.opened.length;
  await wait(2);

  assert.equal(early, 1);
  assert.equal(sources.opened.length, 2);
});

test("after a long poll that failed a minute of plain ones follows, ten seconds apart", async () => {
  await connectWithoutStreams();
  await web.current.answer(200, answer(1));
  await clock.forward(0);
  await web.current.answer(504, "a gateway's page");
  await clock.forward(1);
  /** @type {[number, string | null][]} */
  const polls = [];

  for (let poll = 0; poll < 6; poll += 1) {
    const asked = web.requests.length;
    polls.push([asked, web.current.url.searchParams.get("wait")]);
    await web.current.answer(200, { ...answer(), cursor: "1" });
    await clock.forward(9.9);
    if (poll < 5) assert.equal(web.requests.length, asked, "not before ten seconds");
    await clock.forward(0.2);
  }
  const [first] = polls[0];

  assert.deepEqual(polls, [0, 1, 2, 3, 4, 5].map((more) => [first + more, null]));
  assert.equal(web.current.url.searchParams.get("wait"), "25");
});

test("one failed poll does not end polling", async () => {
  await connectWithoutStreams();
  await web.current.fail();
  const troubled = connection.state;

  await clock.forward(10);
  await web.current.answer(200, answer(1));

  assert.equal(troubled, "reconnecting");
  assert.equal(connection.state, "polling");
  assert.deepEqual(numbers, [1]);
});

test("a poll that nobody answered, as on a connection that died unnoticed, has waited already", async () => {
  await connectWithoutStreams();
  const asked = web.requests.length;

  await clock.forward(10.9);
  const early = web.requests.length;
  await clock.forward(0.2);

  assert.equal(web.requests[asked - 1].init.signal?.aborted, true);
  assert.deepEqual([early, web.requests.length], [asked, asked + 1]);
});

test("a poll that is told to wait waits", async () => {
  await connectWithoutStreams();
  await web.current.answer(429, null, { "Retry-After": "40" });
  const asked = web.requests.length;

  await clock.forward(39);
  const early = web.requests.length;
  await clock.forward(1.1);

  assert.equal(early, asked);
  assert.equal(web.requests.length, asked + 1);
});

test("an answer that is no JSON is a failure, not an end", async () => {
  await connectWithoutStreams();

  await web.current.answer(200, "<html>a proxy's page</html>");

  assert.equal(connection.state, "reconnecting");
});

test("a server that answers long polls at once and with nothing is not asked in a tight loop", async () => {
  await connectWithoutStreams();
  await web.current.answer(200, answer(1));
  await clock.forward(0);
  await web.current.answer(200, { ...answer(), cursor: "1" });
  const asked = web.requests.length;

  await clock.forward(0.9);
  const early = web.requests.length;
  await clock.forward(0.2);

  assert.equal(early, asked);
  assert.equal(web.requests.length, asked + 1);
});

test("more than one answer holds is fetched at once", async () => {
  await connectWithoutStreams();

  await web.current.answer(200, { ...answer(1, 2), more: true });
  await clock.forward(0);
  await web.current.answer(200, { ...answer(3), final: true });

  assert.deepEqual(numbers, [1, 2, 3]);
});

for (const [status, reason] of /** @type {[number, string][]} */ ([
  [401, "signed_out"],
  [403, "forbidden"],
  [404, "gone"],
  [410, "gone"],
])) {
  test(`polling that is answered ${status} is over: ${reason}`, async () => {
    const { opening } = await connectWithoutStreams();

    await web.current.answer(status);
    await clock.forward(120);

    await assert.rejects(opening, { reason });
    assert.equal(sources.opened.length, 1);
  });
}

test("polling that reads the final event is done", async () => {
  /** @type {unknown[]} */
  const ends = [];
  connection.on("state", ({ state, reason }) => state === "closed" && ends.push(reason));
  await connectWithoutStreams();

  await web.current.answer(200, { ...answer(1), final: true });
  await clock.forward(120);

  assert.deepEqual(ends, ["done"]);
  assert.equal(sources.opened.length, 1);
});

test("a reset in a polled answer is told like a stream's", async () => {
  /** @type {unknown[]} */
  const resets = [];
  connection.on("reset", ({ reason }) => resets.push(reason));
  await connectWithoutStreams();

  await web.current.answer(200, { ...answer(4), reset: { topic: "job:1", reason: "pruned" } });

  assert.deepEqual(resets, ["pruned"]);
  assert.deepEqual(numbers, [4]);
});

test("a handler that disconnects in the middle of an answer gets nothing more, and loses nothing", async () => {
  connection.on("progress", ({ seq }) => seq === 1 && connection.disconnect());
  await connectWithoutStreams();

  await web.current.answer(200, answer(1, 2));

  assert.deepEqual(numbers, [1]);
  assert.equal(connection.cursor, "");
});

test("a server that gives the same answer again and again is not asked in a tight loop", async () => {
  await connectWithoutStreams();
  await web.current.answer(200, answer(1, 2));
  const asked = web.requests.length;

  await clock.forward(0);
  for (let turn = 0; turn < 5; turn += 1) {
    await web.current.answer(200, { ...answer(1, 2), more: true });
    await clock.forward(0);
  }
  const soon = web.requests.length - asked;
  await clock.forward(1);

  assert.deepEqual([soon, web.requests.length - asked], [1, 2]);
});
