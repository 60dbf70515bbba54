import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { SSEConnection } from "../../sse/static/sse/SSEConnection.js";
import { createClock, createFetch, settle, until } from "./doubles.js";

/** @type {ReturnType<typeof createClock>} */
let clock;
/** @type {ReturnType<typeof createFetch>} */
let web;
/** @type {SSEConnection} */
let connection;

beforeEach(() => {
  clock = createClock();
  web = createFetch();
});

afterEach(async () => {
  connection.disconnect();
  await settle();
  assert.equal(clock.waiting, 0, "a closed connection leaves no timer");
});

/** @param {import("../../sse/static/sse/SSEConnection.js").SSEOptions} [options] */
async function connect(options = {}) {
  const doubles = { fetch: web.fetch, timers: clock.timers, random: () => 0.5 };
  connection = new SSEConnection("/sse/stream?topic=job:1", { token: "secret", ...doubles, ...options });
  const asked = web.requests.length;
  connection.connect();
  await until(() => web.requests.length > asked);
}

test("where there is no EventSource, as in Node and service workers, streams come by fetch", async () => {
  await connect({ token: undefined, EventSource: undefined });
  const { body, say } = createBody();
  await web.current.answer(200, body, STREAM);
  await say(HELLO);

  assert.equal(connection.state, "live");
  assert.equal(sent("Authorization"), null);
});

/** A body that a test writes to. */
function createBody() {
  /** @type {ReadableStreamDefaultController<Uint8Array>} */
  let controller;
  const body = new ReadableStream({ start: (given) => void (controller = given) });
  return {
    body,
    /** @param {string} text */
    async say(text) {
      controller.enqueue(new TextEncoder().encode(text));
      await new Promise((done) => setImmediate(done));
    },
    async end() {
      controller.close();
      await new Promise((done) => setImmediate(done));
    },
  };
}

const STREAM = { "Content-Type": "text/event-stream; charset=utf-8" };
const HELLO = 'event: hello\ndata: {"heartbeat_seconds":15}\n\n';

/** @param {number} seq */
const frame = (seq) => `id: ${seq}\nevent: progress\ndata: {"topic":"job:1","seq":${seq}}\n\n`;

/** @param {string} name */
const sent = (name) => new Headers(web.current.init.headers).get(name);

test("a token travels in a header, and events arrive", async () => {
  await connect({ headers: { "X-Tenant": "bakery" } });
  const stream = createBody();
  /** @type {number[]} */
  const numbers = [];
  connection.on("progress", ({ seq }) => numbers.push(seq));

  await web.current.answer(200, stream.body, STREAM);
  await stream.say(HELLO + frame(1));
  await stream.say(frame(2));

  assert.equal(sent("Authorization"), "Bearer secret");
  assert.equal(sent("X-Tenant"), "bakery");
  assert.equal(sent("Accept"), "text/event-stream");
  assert.equal(connection.state, "live");
  assert.deepEqual(numbers, [1, 2]);
});

test("the end of the body is no end: the stream is asked for again from the cursor, with a token of its own", async () => {
  const tokens = ["one", "two"];
  await connect({ token: async () => tokens.shift() ?? "", lastEventId: 6 });
  const stream = createBody();
  await web.current.answer(200, stream.body, STREAM);
  await stream.say(HELLO + frame(7));

  await stream.end();
  await clock.forward(1);

  assert.equal(web.current.url.searchParams.get("lastEventId"), "7");
  assert.equal(sent("Authorization"), "Bearer two");
});

test("a refusal is known at once, without a second request", async () => {
  await connect();

  await web.current.answer(401);

  assert.equal(connection.state, "closed");
  assert.equal(web.requests.length, 1);
});

test("503 waits as long as the server asks", async () => {
  await connect();
  await web.current.answer(503, null, { "Retry-After": "20" });

  await clock.forward(19.9);
  const early = web.requests.length;
  await clock.forward(0.2);

  assert.deepEqual([early, web.requests.length], [1, 2]);
});

test("what the stream's retry field asks for is the least wait", async () => {
  await connect();
  const stream = createBody();
  await web.current.answer(200, stream.body, STREAM);
  await stream.say(`retry: 5000\n\n${HELLO}`);
  await stream.end();

  await clock.forward(4.9);
  const early = web.requests.length;
  await clock.forward(0.2);

  assert.deepEqual([early, web.requests.length], [1, 2]);
});

test("polling sends the token as well", async () => {
  await connect({ pollUrl: "/api/jobs/1/events" });

  await web.current.answer(429, null, { "Retry-After": "60" });

  assert.equal(web.current.url.pathname, "/api/jobs/1/events");
  assert.equal(sent("Authorization"), "Bearer secret");
});

test("a message sends the token as well", async () => {
  await connect({ commandUrl: "/api/jobs/1/commands", headers: { "X-Tenant": "bakery" } });

  void connection.send({ command: "cancel" });
  await until(() => web.current.init.method === "POST");

  assert.equal(sent("Authorization"), "Bearer secret");
  assert.equal(sent("X-Tenant"), "bakery");
  assert.equal(sent("Content-Type"), "application/json");
});

test("disconnecting hangs up", async () => {
  await connect();
  await web.current.answer(200, createBody().body, STREAM);

  connection.disconnect();

  assert.equal(web.current.init.signal?.aborted, true);
});
