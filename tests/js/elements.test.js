/** The elements of a page that follow a stream: coming, going, and saying how it stands. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createElements, createEventSource, createFetch, settle, until } from "./doubles.js";

const page = createElements();
const { SSEElement } = await import("../../sse/static/sse/SSEElement.js");
const { ConnectionStatus } = await import("../../sse/static/sse/connection-status.js");

/** An element on a page, and the streams it opens. */
function follower() {
  const sources = createEventSource();
  globalThis.EventSource = sources.EventSource;
  class Follower extends SSEElement {
    /** @type {any[]} */
    told = [];
    /** @param {any} event */
    receive(event) {
      this.told.push(event);
    }
  }
  const element = /** @type {any} */ (new Follower());
  element.dataset = { streamUrl: "/sse/stream?topic=job:1", cursor: "3" };
  return { element, sources };
}

test("an element goes on from the cursor that it was rendered at", () => {
  const { element, sources } = follower();

  page.put(element);
  sources.current.greet();
  sources.current.tell(4, { progress: 35 });

  assert.match(sources.current.url, /lastEventId=3/);
  assert.deepEqual(element.told.map((/** @type {any} */ { seq, progress }) => [seq, progress]), [[4, 35]]);
  page.take(element);
});

test("an element that is moved keeps its stream", async () => {
  const { element, sources } = follower();
  page.put(element);

  page.take(element);
  page.put(element);
  await settle();

  assert.equal(sources.opened.length, 1);
  assert.notEqual(sources.current.readyState, 2);
  page.take(element);
});

test("an element that is taken out gives its stream up, and goes on from there when it comes back", async () => {
  const { element, sources } = follower();
  page.put(element);
  sources.current.greet();
  sources.current.tell(4);

  page.take(element);
  await settle();
  const closed = sources.opened[0].readyState;
  page.put(element);
  sources.current.greet();
  sources.current.tell(4);
  sources.current.tell(5);

  assert.equal(closed, 2);
  assert.equal(sources.opened.length, 2);
  assert.match(sources.current.url, /lastEventId=4/);
  assert.deepEqual(seqs(element), [4, 5]);
  page.take(element);
});

for (const [what, attributes, asked] of /** @type {[string, Record<string, string>, string[]]} */ ([
  ["beside its stream", {}, ["/sse/events?topic=job%3A1&after=3"]],
  ["where its page says", { eventsUrl: "/polls" }, ["/polls?after=3"]],
  ["nowhere where its page says so", { eventsUrl: "" }, []],
  ["nowhere where it follows two topics", { streamUrl: "/sse/stream?topic=job:1&topic=job:2" }, []],
  ["nowhere beside another server's stream", { streamUrl: "/live?topic=job:1" }, []],
])) {
  test(`an element whose streams are refused polls ${what}`, async () => {
    const { element, sources } = follower();
    const web = createFetch();
    globalThis.fetch = web.fetch;
    Object.assign(element.dataset, attributes);

    page.put(element);
    sources.current.refuse();
    await until(() => web.requests.length === 1);
    await web.current.answer(501);

    assert.deepEqual(web.requests.slice(1).map(({ url }) => url.pathname + url.search), asked);
    page.take(element);
    await settle();
  });
}

test("an element without an address follows nothing", () => {
  const { element, sources } = follower();
  element.dataset = {};

  page.put(element);

  assert.equal(sources.opened.length, 0);
});

test("an element follows what its attributes say by now", async () => {
  const { element, sources } = follower();
  page.put(element);
  element.dataset = { streamUrl: "/sse/stream?topic=job:2", cursor: "9" };

  element.restart();

  assert.equal(sources.opened[0].readyState, 2);
  assert.match(sources.current.url, /topic=job%3A2&lastEventId=9/);
  page.take(element);
});

test("the element that the how-to page writes shows what its job tells", () => {
  const path = new URL("../../docs/how-to/use-the-client.md", import.meta.url);
  const [, code] = /** @type {RegExpMatchArray} */ (readFileSync(path, "utf8").match(/```js\n(class [\s\S]*?)```/));
  /** @type {any} */
  let Written;
  new Function("SSEElement", "customElements", code)(SSEElement, {
    define: (/** @type {string} */ _name, /** @type {any} */ made) => (Written = made),
  });
  const { sources } = follower();
  const element = new Written();
  element.dataset = { streamUrl: "/sse/stream?topic=job:1", cursor: "3" };

  page.put(element);
  sources.current.greet();
  sources.current.tell(4, { progress: 35 });
  sources.current.tell(5, {}, "educational");

  assert.equal(element.textContent, "35 %");
  page.take(element);
});

/** What says how the stream of an element around it stands. @param {object} [words] */
function status(words = {}) {
  const { element, sources } = follower();
  const shown = /** @type {any} */ (new ConnectionStatus());
  shown.attributes = words;
  return { element, sources, shown };
}

test("a connection is told in words, also to what comes later", () => {
  const { element, sources, shown } = status();
  page.put(element);
  sources.current.greet();

  page.put(shown, element);

  assert.deepEqual([shown.textContent, shown.dataset.state, shown.hidden], ["Live", "live", false]);
  page.take(shown);
  page.take(element);
});

test("words may be given in another language", () => {
  const { element, sources, shown } = status({ "data-live": "Verbunden" });
  page.put(shown, element);
  page.put(element);

  sources.current.greet();

  assert.equal(shown.textContent, "Verbunden");
  page.take(shown);
  page.take(element);
});

test("a blip is nobody's business", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { element, shown } = status();
  page.put(shown, element);

  element.dispatchEvent(new CustomEvent("stream-state", { detail: { state: "reconnecting", reason: null } }));
  context.mock.timers.tick(1900);
  const soon = shown.textContent;
  context.mock.timers.tick(200);

  assert.equal(soon, "");
  assert.equal(shown.textContent, "Reconnecting");
  page.take(shown);
});

test("whoever was signed out is led to where one signs in", () => {
  const { element, shown } = status();
  shown.dataset.signIn = "/accounts/login/";
  Object.assign(globalThis, { location: { pathname: "/jobs/1/" } });
  page.put(shown, element);

  element.dispatchEvent(new CustomEvent("stream-state", { detail: { state: "closed", reason: "signed_out" } }));

  assert.equal(shown.children[0].href, "/accounts/login/?next=%2Fjobs%2F1%2F");
  assert.equal(shown.textContent, "You were signed out: sign in again");
  page.take(shown);
});

for (const [what, words, text, hidden] of /** @type {[string, object, string, boolean]} */ ([
  ["says nothing any more", {}, "", true],
  ["says so where a word is given for it", { "data-done": "All was told" }, "All was told", false],
])) {
  test(`what was live and has come to its end ${what}`, () => {
    const { element, sources, shown } = status(words);
    page.put(shown, element);
    page.put(element);
    sources.current.greet();
    const live = [shown.textContent, shown.hidden];

    sources.current.say("bye", { reason: "done" });

    assert.deepEqual(live, ["Live", false]);
    assert.deepEqual([shown.textContent, shown.hidden, shown.dataset.state], [text, hidden, "closed"]);
    page.take(shown);
    page.take(element);
  });
}

test("what ends by itself is not told as a connection that was lost", () => {
  const { element, shown } = status();
  page.put(shown, element);

  for (const reason of ["done", "client"]) {
    element.dispatchEvent(new CustomEvent("stream-state", { detail: { state: "closed", reason } }));
  }

  assert.equal(shown.hidden, true);
  page.take(shown);
});

test("what was taken out says nothing any more", () => {
  const { element, shown } = status();
  page.put(shown, element);
  page.take(shown);

  element.dispatchEvent(new CustomEvent("stream-state", { detail: { state: "live", reason: null } }));

  assert.equal(shown.textContent, "");
});

test("elements share a stream where the browser has no locks, and go on without the one that led", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  const { element: one, sources } = follower();
  const two = new one.constructor();
  const three = new one.constructor();
  for (const element of [one, two, three]) {
    element.dataset = { streamUrl: "/sse/stream?topic=job:1", cursor: "3", user: "7" };
    page.put(element);
  }
  await until(() => sources.opened.length > 0);
  sources.current.greet();
  sources.current.tell(4);
  await settle();
  const streams = sources.opened.length;

  page.take(one);
  await until(() => sources.opened.length > streams);
  sources.current.greet();
  sources.current.tell(5);
  await settle();

  assert.equal(streams, 1);
  assert.deepEqual(seqs(one), [4]);
  for (const element of [two, three]) assert.deepEqual(seqs(element), [4, 5]);
  page.take(two);
  page.take(three);
  await settle();
  assert.equal(sources.current.readyState, 2);
});

/** @param {any} element */
const seqs = ({ told }) => told.map((/** @type {any} */ { seq }) => seq);
