/** A page that is looked away from, stored, frozen or offline, and back again. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { SSEConnection } from "../../sse/static/sse/SSEConnection.js";
import { createBrowser, createClock, createEventSource, createFetch, createPage, settle, until } from "./doubles.js";

/** @type {ReturnType<typeof createBrowser>} */
let browser;
/** @type {ReturnType<typeof createClock>} */
let clock;
/** @type {ReturnType<typeof createEventSource>} */
let sources;
/** @type {ReturnType<typeof createFetch>} */
let web;
/** @type {SSEConnection[]} */
let connections;

beforeEach(() => {
  browser = createBrowser();
  clock = createClock();
  sources = createEventSource();
  web = createFetch();
  connections = [];
});

afterEach(async () => {
  for (const connection of connections) connection.disconnect();
  await rest();
  Reflect.deleteProperty(globalThis, "window");
  Reflect.deleteProperty(globalThis, "document");
  assert.equal(clock.waiting, 0, "a closed connection leaves no timer");
});

/** Let messages between tabs arrive. */
async function rest() {
  for (let turn = 0; turn < 5; turn += 1) await settle();
}

/**
 * Connect on a page of its own.
 *
 * @param {import("../../sse/static/sse/SSEConnection.js").SSEOptions} [options]
 */
function connect(options = {}) {
  const page = createPage();
  Object.assign(globalThis, { window: page.window, document: page.document });
  const doubles = { EventSource: sources.EventSource, fetch: web.fetch, timers: clock.timers, random: () => 0.5 };
  const connection = new SSEConnection("/sse/stream?topic=job:1", { ...doubles, ...options });
  /** @type {number[]} */
  const heard = [];
  connection.on("progress", ({ seq }) => heard.push(seq));
  connections.push(connection);
  connection.connect();
  return { connection, page, heard };
}

/** A tab of somebody who shares. @param {LockManager} [locks] those of its page */
async function open(locks = browser.locks) {
  const channels = browser.channels.size;
  const tab = connect({ user: 7, BroadcastChannel: browser.BroadcastChannel, locks });
  await until(() => browser.channels.size > channels);
  await rest();
  return tab;
}

const cursor = () => new URL(sources.current.url, "http://host").searchParams.get("lastEventId");
const alive = () => sources.opened.filter(({ readyState }) => readyState !== 2).length;

for (const [what, event] of /** @type {const} */ ([
  ["is looked at again", "visibilitychange"],
  ["is online again", "online"],
  ["is back from the browser's cache", "pageshow"],
])) {
  test(`a page that ${what} looks at once whether its stream still lives`, async () => {
    const { connection, page } = connect();
    sources.current.greet();
    sources.current.tell(1);
    clock.sleep(60);

    page.meet(event);
    const state = connection.state;
    await clock.forward(1);

    assert.equal(state, "reconnecting");
    assert.equal(cursor(), "1");
  });

  test(`a page that ${what} does not wait for the time of the next attempt`, async () => {
    const { page } = connect();
    for (const wait of [1, 2, 4, 8]) {
      sources.current.break();
      await clock.forward(wait);
    }
    sources.current.break();
    const before = sources.opened.length;

    page.meet(event);

    assert.equal(sources.opened.length, before + 1);
  });

  test(`a page that ${what} waits as long as the server asked all the same`, async () => {
    const { page } = connect();
    sources.current.refuse();
    await settle();
    await web.current.answer(503, "", { "Retry-After": "120" });

    page.meet(event);
    const before = sources.opened.length;
    await clock.forward(120);

    assert.deepEqual([before, sources.opened.length], [1, 2]);
  });

  test(`a page that ${what} leaves a stream that lives alone`, async () => {
    const { connection, page } = connect();
    sources.current.greet();

    page.meet(event);

    assert.equal(connection.state, "live");
    assert.equal(sources.opened.length, 1);
  });
}

test("a stream that the browser's cache closed without a word is opened again", async () => {
  const { connection, page } = connect();
  sources.current.greet();
  sources.current.close();

  page.meet("pageshow");
  await clock.forward(1);
  sources.current.greet();

  assert.equal(sources.opened.length, 2);
  assert.equal(connection.state, "live");
});

test("a page that is hidden, or shown for the first time, is not woken", async () => {
  const { page } = connect();
  sources.current.break();

  page.hide();
  page.window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));

  assert.equal(sources.opened.length, 1);
});

test("a connection that is closed hears nothing of its page any more", async () => {
  const { connection, page } = connect();
  connection.disconnect();

  for (const event of ["visibilitychange", "online", "pageshow"]) page.meet(event);

  assert.equal(sources.opened.length, 1);
  assert.equal(connection.state, "closed");
});

for (const [what, away, back] of /** @type {const} */ ([
  ["is frozen", "freeze", "resume"],
  ["is stored by the browser", "pagehide", "pageshow"],
])) {
  test(`a leader that ${what} hands over, and knows all when it is back`, async () => {
    const leader = await open();
    const follower = await open();
    sources.current.greet();
    sources.current.tell(1);
    await rest();

    leader.page.meet(away);
    await rest();
    const [streams, from] = [alive(), cursor()];
    sources.current.greet();
    sources.current.tell(2);
    await rest();
    leader.page.meet(back);
    await rest();
    sources.current.greet();
    for (const seq of [2, 3]) sources.current.tell(seq);
    await rest();

    assert.deepEqual([streams, from], [1, "1"]);
    assert.deepEqual(leader.heard, [1, 2, 3]);
    assert.deepEqual(follower.heard, [1, 2, 3]);
    assert.deepEqual([leader.connection.state, follower.connection.state], ["live", "live"]);
    assert.equal(alive(), 1);
  });

  test(`a page with several connections that ${what} claims nothing on its way out, and one lock when it is back`, async () => {
    const locks = browser.locks;
    const asked = mock.method(locks, "request");
    const first = await open(locks);
    const second = await open(locks);
    sources.current.greet();

    for (const { page } of [first, second]) page.meet(away);
    await rest();
    const [claims, held] = [asked.mock.callCount(), browser.held];
    for (const { page } of [first, second]) page.meet(back);
    await rest();
    sources.current.greet();
    sources.current.tell(1);
    await rest();

    assert.deepEqual([claims, held], [1, []]);
    assert.equal(asked.mock.callCount(), 2);
    assert.deepEqual([first.heard, second.heard, alive()], [[1], [1], 1]);
  });

  test(`a tab that ${what} keeps neither lock nor channel nor stream`, async () => {
    const { page } = await open();
    sources.current.greet();

    page.meet(away);
    await rest();

    assert.deepEqual([browser.held, browser.channels.size, alive()], [[], 0, 0]);
  });
}

test("a follower that slept while its leader fell silent takes over a second after it wakes", async () => {
  await open();
  const [leader] = browser.channels;
  const follower = await open();
  sources.current.greet();
  sources.current.tell(1);
  await rest();
  // What it says reaches nobody.
  browser.channels.delete(leader);
  clock.sleep(3600);

  follower.page.meet("visibilitychange");
  await clock.forward(1);
  await rest();
  browser.channels.add(leader);
  sources.current.greet();
  sources.current.tell(2);
  await rest();

  assert.equal(cursor(), "1");
  assert.equal(alive(), 1);
  assert.deepEqual(follower.heard, [1, 2]);
});
