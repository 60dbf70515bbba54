import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { SSEConnection } from "../../sse/static/sse/SSEConnection.js";
import { createBackoff } from "../../sse/static/sse/SSEReconnection.js";
import { createClock, createEventSource, createFetch, settle } from "./doubles.js";

const STREAM = "/sse/stream?topic=job:1";

/** @type {ReturnType<typeof createClock>} */
let clock;
/** @type {ReturnType<typeof createEventSource>} */
let sources;
/** @type {ReturnType<typeof createFetch>} */
let web;
/** @type {SSEConnection | null} */
let connection = null;

beforeEach(() => {
  clock = createClock();
  sources = createEventSource();
  web = createFetch();
});

afterEach(async () => {
  connection?.disconnect();
  await settle();
  assert.equal(clock.waiting, 0, "a closed connection leaves no timer");
});

/** @param {import("../../sse/static/sse/SSEConnection.js").SSEOptions} [options] */
function make(options = {}, url = STREAM) {
  const { EventSource } = sources;
  // 0.5 is the middle: waits of exactly 1, 2, 4 … seconds.
  const doubles = { EventSource, fetch: web.fetch, timers: clock.timers, random: () => 0.5 };
  connection = new SSEConnection(url, { ...doubles, ...options });
  return connection;
}

/** @param {SSEConnection} from @param {string} [event] */
function collect(from, event = "progress") {
  /** @type {number[]} */
  const numbers = [];
  from.on(event, ({ seq }) => numbers.push(seq));
  return numbers;
}

/** @param {SSEConnection} from */
function collectStates(from) {
  /** @type {string[]} */
  const states = [];
  from.on("state", ({ state, reason }) => states.push(reason ? `${state}: ${reason}` : state));
  return states;
}

test("connect resolves at the server's greeting, not at the socket's opening", async () => {
  const connection = make();
  let resolved = false;
  const opening = connection.connect().then(() => (resolved = true));

  sources.current.readyState = 1;
  sources.current.dispatchEvent(new Event("open"));
  await settle();
  const before = resolved;
  sources.current.greet();
  await opening;

  assert.equal(before, false);
  assert.equal(connection.isConnected(), true);
});

test("connecting twice opens one stream", () => {
  const connection = make();

  const first = connection.connect();
  const second = connection.connect();

  assert.equal(first, second);
  assert.equal(sources.opened.length, 1);
});

test("the stream begins after the cursor that the page was rendered with", () => {
  make({ lastEventId: 7 }).connect();

  assert.equal(sources.current.url, "/sse/stream?topic=job%3A1&lastEventId=7");
});

test("an address keeps what its query holds, and what comes after # is no server's business", () => {
  make({ lastEventId: 4 }, "/sse/stream?topic=job:1&back=/jobs/?page=2#steps").connect();

  const { searchParams, hash } = new URL(sources.current.url, "http://host");

  assert.deepEqual([...searchParams], [["topic", "job:1"], ["back", "/jobs/?page=2"], ["lastEventId", "4"]]);
  assert.equal(hash, "");
});

test("an option that is undefined is one that is not given", async () => {
  const connection = make({ helloSeconds: undefined, lastEventId: undefined, stableSeconds: undefined });
  connection.connect();

  await clock.forward(7);
  const [state, url] = [connection.state, sources.current.url];
  await clock.forward(2);

  assert.deepEqual([state, url], ["connecting", "/sse/stream?topic=job%3A1"]);
  assert.equal(connection.state, "reconnecting");
});

test("events of another's EventSource, with classes of its own, are heard like the browser's", () => {
  const connection = make();
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();

  const data = JSON.stringify({ topic: "job:1", seq: 1 });
  sources.current.dispatchEvent(Object.assign(new Event("progress"), { data, lastEventId: "1" }));

  assert.deepEqual([numbers, connection.cursor], [[1], "1"]);
});

test("a wait longer than a browser's timers can be set for does not run out at once", async () => {
  const set = mock.fn(clock.timers.setTimeout);
  make({ timers: { ...clock.timers, setTimeout: set } }).connect();
  sources.current.refuse();
  await settle();

  await web.current.answer(503, "", { "Retry-After": String(30 * 86_400) });

  const waits = set.mock.calls.map(({ arguments: [, milliseconds] }) => milliseconds);
  assert.equal(Math.max(...waits), 2 ** 31 - 1);
  assert.equal(sources.opened.length, 1);
});

test("waits are 1, 2, 4, 8, 16 and then 30 seconds, and never more", async () => {
  make().connect();

  /** @type {number[]} */
  const waits = [];
  for (let failure = 0; failure < 7; failure += 1) {
    const opened = sources.opened.length;
    sources.current.break();
    let seconds = 0;
    while (sources.opened.length === opened) {
      await clock.forward(1);
      seconds += 1;
    }
    waits.push(seconds);
  }

  assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30]);
});

test("chance makes a wait a quarter shorter or longer, within thirty seconds", async () => {
  const least = make({ random: () => 0 });
  least.connect();
  sources.current.break();
  await clock.forward(0.749);
  const early = sources.opened.length;
  await clock.forward(0.002);

  assert.equal(early, 1);
  assert.equal(sources.opened.length, 2);
});

test("whatever chance says, waits stay within a quarter of 1, 2, 4 … and never exceed thirty seconds", () => {
  for (const [random, part] of [
    [0, 0.75],
    [0.25, 0.875],
    [0.999999, 1.25],
  ]) {
    const backoff = createBackoff({ random: () => random });
    const waits = Array.from({ length: 8 }, () => backoff.next());

    for (const [index, wait] of waits.entries()) {
      const most = Math.min(30_000, Math.min(30_000, 1000 * 2 ** index) * part);
      assert.ok(Math.abs(wait - most) < 1, `${wait} at ${index}`);
    }
  }
});

test("a stream that was stable makes the next wait a short one again", async () => {
  make().connect();
  sources.current.break();
  await clock.forward(1);
  sources.current.break();
  await clock.forward(2);
  sources.current.greet();
  await clock.forward(11);

  sources.current.break();
  await clock.forward(1);

  assert.equal(sources.opened.length, 4);
});

test("a stream that breaks at once each time is not hammered", async () => {
  make().connect();
  sources.current.greet();
  sources.current.break();
  await clock.forward(1);
  sources.current.greet();

  sources.current.break();
  await clock.forward(1);

  assert.equal(sources.opened.length, 2);
});

test("reconnecting carries the cursor of the last event", async () => {
  const connection = make();
  connection.connect();
  sources.current.greet();
  sources.current.tell(1);
  sources.current.tell(2);

  sources.current.break();
  await clock.forward(1);

  assert.equal(new URL(sources.current.url, "http://host").searchParams.get("lastEventId"), "2");
});

test("the browser's own retry is never left running beside ours", () => {
  make().connect();

  sources.current.break();

  assert.equal(sources.opened[0].readyState, 2);
});

test("a server's event named error is an event, not the loss of the connection", async () => {
  const connection = make();
  const errors = collect(connection, "error");
  connection.connect();
  sources.current.greet();

  sources.current.tell(1, { final: true, status: "failed" }, "error");
  await clock.forward(5);

  assert.deepEqual(errors, [1]);
  assert.equal(connection.state, "live");
  assert.equal(sources.opened.length, 1);
});

test("the loss of the connection is not told as a server's error", async () => {
  const connection = make();
  const errors = collect(connection, "error");
  connection.connect();
  sources.current.greet();

  sources.current.break();

  assert.deepEqual(errors, []);
  assert.equal(connection.state, "reconnecting");
});

test("an event that comes twice is delivered once", async () => {
  const connection = make();
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();
  for (const seq of [1, 2, 2, 1, 3]) sources.current.tell(seq);

  assert.deepEqual(numbers, [1, 2, 3]);
});

test("numbers of one topic say nothing about another's", () => {
  const connection = make();
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();

  sources.current.tell(1);
  sources.current.tell(2);
  sources.current.say("progress", { topic: "job:2", seq: 1 }, "x");

  assert.deepEqual(numbers, [1, 2, 1]);
});

test("a hole is not delivered: the stream is opened again from the last cursor", async () => {
  const connection = make();
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();
  sources.current.tell(1);

  sources.current.tell(3);
  await clock.forward(1);
  sources.current.greet();
  for (const seq of [2, 3]) sources.current.tell(seq);

  assert.equal(new URL(sources.current.url, "http://host").searchParams.get("lastEventId"), "1");
  assert.deepEqual(numbers, [1, 2, 3]);
});

test("a hole that asking again does not fill is let through, with a reset", async () => {
  const connection = make();
  const numbers = collect(connection);
  /** @type {string[]} */
  const resets = [];
  connection.on("reset", ({ reason }) => resets.push(reason));
  connection.connect();
  sources.current.greet();
  sources.current.tell(1);
  sources.current.tell(3);
  await clock.forward(1);
  sources.current.greet();

  sources.current.tell(3);

  assert.deepEqual(numbers, [1, 3]);
  assert.deepEqual(resets, ["gap"]);
});

test("a reset moves the cursor to where the server says", async () => {
  const connection = make({ lastEventId: "900" });
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();

  sources.current.say("reset", { topic: "job:1", reason: "ahead", cursor: "4" });
  const cursor = connection.cursor;
  sources.current.tell(5);

  assert.equal(cursor, "4");
  assert.deepEqual(numbers, [5]);
});

test("what has no number does not move the cursor", () => {
  const connection = make({ lastEventId: "3" });
  connection.connect();
  sources.current.greet();

  sources.current.say("heartbeat", {}, "99");
  sources.current.say("text", { topic: "job:1", text: "so far" }, "99");

  assert.equal(connection.cursor, "3");
});

test("data that is no JSON object is ignored, and the stream lives on", () => {
  const connection = make();
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();

  sources.current.say("progress", "{broken");
  sources.current.say("progress", "[1]");
  sources.current.tell(1);

  assert.deepEqual(numbers, [1]);
  assert.equal(connection.state, "live");
  assert.equal(connection.brokenFrames, 2);
});

test("an event and a field of a newer server are passed over, and what is known arrives", () => {
  const connection = make();
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();

  sources.current.say("surprise", { topic: "job:1", seq: 1, final: true }, "1");
  sources.current.tell(1, { mood: { sunny: true } });

  assert.deepEqual(numbers, [1]);
  assert.equal(connection.state, "live");
  assert.equal(connection.brokenFrames, 0);
});

test("a machine that slept looks at once whether its stream still lives", async () => {
  const connection = make();
  connection.connect();
  sources.current.greet();
  await clock.forward(10);

  clock.sleep(3600);
  await clock.forward(5);

  assert.equal(connection.state, "reconnecting");
});

test("after a sleep the next attempt does not wait for its time", async () => {
  make().connect();
  for (const wait of [1, 2, 4, 8, 16]) {
    sources.current.break();
    await clock.forward(wait);
  }
  sources.current.break();
  const opened = sources.opened.length;

  clock.sleep(3600);
  await clock.forward(15);

  assert.equal(sources.opened.length, opened + 1);
});

test("the first event after the page's cursor is judged like any other", async () => {
  const connection = make({ lastEventId: 7 });
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();

  sources.current.tell(7);
  sources.current.tell(8);
  sources.current.tell(10);
  await clock.forward(1);

  assert.deepEqual(numbers, [8]);
  assert.equal(new URL(sources.current.url, "http://host").searchParams.get("lastEventId"), "8");
});

test("a server that says goodbye again and again is not hammered", async () => {
  make().connect();
  /** @type {number[]} */
  const waits = [];
  for (let round = 0; round < 5; round += 1) {
    const opened = sources.opened.length;
    sources.current.greet();
    sources.current.say("bye", { reason: "limit", retry: 500 });
    let seconds = 0;
    for (; sources.opened.length === opened; seconds += 0.5) await clock.forward(0.5);
    waits.push(seconds);
  }

  assert.deepEqual(waits, [0.5, 2, 4, 8, 16]);
});

test("a handler that throws costs the others nothing", (context) => {
  context.mock.method(console, "error", () => {});
  const connection = make();
  connection.on("progress", () => {
    throw new Error("mine");
  });
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();

  sources.current.tell(1);

  assert.deepEqual(numbers, [1]);
});

test("on returns its undo, and off does the same", () => {
  const connection = make();
  /** @type {number[]} */
  const heard = [];
  const handler = ({ seq = 0 }) => heard.push(seq);
  const undo = connection.on("progress", handler);
  connection.connect();
  sources.current.greet();

  sources.current.tell(1);
  undo();
  sources.current.tell(2);
  connection.on("progress", handler);
  connection.off("progress", handler);
  sources.current.tell(3);

  assert.deepEqual(heard, [1]);
});

test("silence of two and a half heartbeats is a loss", async () => {
  const connection = make();
  connection.connect();
  sources.current.greet();
  await clock.forward(30);
  sources.current.say("heartbeat", {});

  await clock.forward(37);
  const before = connection.state;
  await clock.forward(1);

  assert.equal(before, "live");
  assert.equal(connection.state, "reconnecting");
});

for (const [reason, closed] of [
  ["done", "done"],
  ["gone", "gone"],
  ["signed_out", "signed_out"],
]) {
  test(`a goodbye because of "${reason}" is for good`, async () => {
    const connection = make();
    const states = collectStates(connection);
    connection.connect();
    sources.current.greet();

    sources.current.say("bye", { reason });
    await clock.forward(120);

    assert.deepEqual(states, ["connecting", "live", `closed: ${closed}`]);
    assert.equal(sources.opened.length, 1);
  });
}

for (const reason of ["drain", "limit"]) {
  test(`a goodbye because of "${reason}" comes back after the time that it names`, async () => {
    const connection = make();
    connection.connect();
    sources.current.greet();
    sources.current.tell(1);

    sources.current.say("bye", { reason, retry: 2500 });
    await clock.forward(2.4);
    const early = sources.opened.length;
    await clock.forward(0.2);

    assert.equal(early, 1);
    assert.equal(new URL(sources.current.url, "http://host").searchParams.get("lastEventId"), "1");
  });
}

for (const [status, reason] of /** @type {[number, string][]} */ ([
  [204, "done"],
  [401, "signed_out"],
  [403, "forbidden"],
  [404, "gone"],
  [410, "gone"],
  [400, "refused"],
])) {
  test(`${status} ends it: ${reason}`, async () => {
    const connection = make();
    const opening = connection.connect();

    sources.current.refuse();
    await settle();
    await web.current.answer(status);
    await clock.forward(120);

    // Nothing has failed where all was told.
    if (reason === "done") await opening;
    else await assert.rejects(opening, { name: "SSEClosed", reason });
    assert.equal(connection.state, "closed");
    assert.equal(sources.opened.length, 1);
  });
}

test("a server that cannot stream, 501, is asked as rarely as any where there is no polling", async () => {
  make().connect();

  sources.current.refuse();
  await settle();
  await web.current.answer(501);
  await clock.forward(29.9);
  const early = sources.opened.length;
  await clock.forward(0.2);

  assert.equal(early, 1);
  assert.equal(sources.opened.length, 2);
});

for (const status of [429, 503]) {
  test(`${status} without polling waits as long as the server asks`, async () => {
    make().connect();

    sources.current.refuse();
    await settle();
    await web.current.answer(status, null, { "Retry-After": "20" });
    await clock.forward(19.9);
    const early = sources.opened.length;
    await clock.forward(0.2);

    assert.equal(early, 1);
    assert.equal(sources.opened.length, 2);
  });
}

test("a probe that finds the stream well again leads to a new attempt", async () => {
  const connection = make();
  connection.connect();

  sources.current.refuse();
  await settle();
  await web.current.answer(200, "", { "Content-Type": "text/event-stream" });
  await clock.forward(1);
  sources.current.greet();

  assert.equal(connection.state, "live");
});

test("a probe hangs up at once, so that it holds no stream open", async () => {
  make().connect();
  sources.current.refuse();
  await settle();

  await web.current.answer(200, "", { "Content-Type": "text/event-stream" });

  assert.equal(web.current.init.signal?.aborted, true);
});

test("disconnecting while a probe is under way leaves nothing behind", async () => {
  const connection = make();
  connection.connect();
  sources.current.refuse();
  await settle();

  connection.disconnect();
  await web.current.answer(503);
  await clock.forward(120);

  assert.equal(sources.opened.length, 1);
  assert.equal(connection.state, "closed");
});

test("after disconnect nothing is delivered, and connect goes on from the same place", async () => {
  const connection = make();
  const numbers = collect(connection);
  connection.connect();
  sources.current.greet();
  sources.current.tell(1);

  connection.disconnect();
  sources.current.tell(2);
  connection.connect();
  sources.current.greet();
  sources.current.tell(2);

  assert.deepEqual(numbers, [1, 2]);
  assert.equal(new URL(sources.current.url, "http://host").searchParams.get("lastEventId"), "1");
});

test("reconnect drops the stream and opens one from the same place", async () => {
  const connection = make();
  connection.connect();
  sources.current.greet();
  sources.current.tell(1);

  const again = connection.reconnect();
  sources.current.greet();
  await again;

  assert.equal(sources.opened[0].readyState, 2);
  assert.equal(sources.opened.length, 2);
  assert.equal(connection.state, "live");
});

test("a message is sent as a POST with the CSRF token", async () => {
  const connection = make({ commandUrl: "/api/jobs/1/commands", csrfToken: () => "token" });

  const sending = connection.send({ command: "cancel" });
  await settle();
  await web.current.answer(202);
  await sending;

  assert.equal(web.current.init.method, "POST");
  assert.equal(/** @type {any} */ (web.current.init.headers)["X-CSRFToken"], "token");
  assert.equal(web.current.init.body, '{"command":"cancel"}');
});

test("a message without an address is refused", async () => {
  await assert.rejects(make().send({}), TypeError);
});
