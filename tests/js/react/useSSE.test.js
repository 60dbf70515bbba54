/** The hook in React itself, on a page of jsdom: `node --preserve-symlinks --test` after `npm ci` in this folder. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, beforeEach, mock, test } from "node:test";

import { JSDOM } from "jsdom";
import { act, createElement as h, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { useSSE } from "strategy-stream-client/react";

import { createEventSource } from "../doubles.js";

const page = new JSDOM('<div id="root"></div>');
const { document, AbortController } = page.window;
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, window: page.window, document, AbortController });

const STREAM = "/sse/stream?topic=job:1";

/** @type {ReturnType<typeof createEventSource>} */
let sources;
/** @type {ReturnType<typeof createRoot>} */
let root;
const place = /** @type {Element} */ (document.getElementById("root"));

beforeEach(() => {
  sources = createEventSource();
  root = createRoot(place);
});

afterEach(async () => {
  await act(async () => root.unmount());
  await lingered();
  assert.equal(alive(), 0, "what nobody uses is closed");
});

const alive = () => sources.opened.filter(({ readyState }) => readyState !== 2).length;
const lingered = () => new Promise((done) => setTimeout(done, 250));

/** @param {any} props */
function Job({ url = STREAM, ...options }) {
  const fetch = () => new Promise(() => {});
  const { data, error, isConnected } = useSSE(url, { EventSource: sources.EventSource, fetch, ...options });
  return h("p", null, `${data?.seq ?? "none"} ${isConnected ? "connected" : "away"} ${error?.reason ?? "fine"}`);
}

/** @param {any} element */
const render = (element) => act(async () => root.render(element));
const shown = () => [...place.querySelectorAll("p")].map(({ textContent }) => textContent);

test("what the stream tells is shown", async () => {
  await render(h(Job));
  const before = shown();

  await act(async () => sources.current.greet());
  await act(async () => sources.current.tell(1));

  assert.deepEqual(before, ["none away fine"]);
  assert.deepEqual(shown(), ["1 connected fine"]);
});

test("StrictMode, which mounts everything twice, has one connection", async () => {
  await render(h(StrictMode, null, h(Job)));
  await lingered();
  await act(async () => sources.current.greet());

  assert.equal(sources.opened.length, 1);
  assert.deepEqual(shown(), ["none connected fine"]);
});

test("two components that want the same have one connection, also when one of them goes", async () => {
  await render(h("div", null, h(Job, { key: 1 }), h(Job, { key: 2 })));
  await act(async () => sources.current.greet());
  await act(async () => sources.current.tell(1));
  const both = shown();

  await render(h("div", null, h(Job, { key: 2 })));
  await lingered();
  await act(async () => sources.current.tell(2));

  assert.equal(sources.opened.length, 1);
  assert.deepEqual(both, ["1 connected fine", "1 connected fine"]);
  assert.deepEqual(shown(), ["2 connected fine"]);
});

test("another address is another connection, and shows nothing of the one before", async () => {
  await render(h(Job));
  await act(async () => sources.current.greet());
  await act(async () => sources.current.tell(1));

  await render(h(Job, { url: "/sse/stream?topic=job:2" }));
  await lingered();

  assert.deepEqual(shown(), ["none away fine"]);
  assert.deepEqual(
    sources.opened.map(({ readyState }) => readyState === 2),
    [true, false],
  );
});

test("an unmounted component leaves no connection", async () => {
  await render(h(Job));

  await render(null);
  await lingered();

  assert.equal(alive(), 0);
});

test("a component that is back within a moment finds its connection", async () => {
  await render(h(Job));
  await act(async () => sources.current.greet());
  await act(async () => sources.current.tell(1));

  await render(null);
  await render(h(Job));

  assert.equal(sources.opened.length, 1);
  assert.deepEqual(shown(), ["1 connected fine"]);
});

test("without an address nothing is opened", async () => {
  await render(h(Job, { url: null }));

  assert.equal(sources.opened.length, 0);
  assert.deepEqual(shown(), ["none away fine"]);
});

test("options that are written anew in each render open nothing anew", async () => {
  await render(h(Job, { pollUrl: "/poll", helloSeconds: 5 }));

  await render(h(Job, { pollUrl: "/poll", helloSeconds: 5 }));

  assert.equal(sources.opened.length, 1);
});

test("every event reaches onEvent, though one render may show several", async () => {
  /** @type {number[]} */
  const seen = [];
  await render(h(Job, { onEvent: ({ seq = 0 }) => seen.push(seq) }));
  await act(async () => sources.current.greet());

  await act(async () => {
    for (const seq of [1, 2, 3]) sources.current.tell(seq);
  });

  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual(shown(), ["3 connected fine"]);
});

test("an end that is not the last event is an error", async () => {
  await render(h(Job));
  await act(async () => sources.current.greet());

  await act(async () => sources.current.say("bye", { reason: "signed_out" }));

  assert.deepEqual(shown(), ["none away signed_out"]);
});

test("the last event is none", async () => {
  await render(h(Job));
  await act(async () => sources.current.greet());

  await act(async () => sources.current.say("bye", { reason: "done" }));

  assert.deepEqual(shown(), ["none away fine"]);
});

test("the end is told apart from what is not connected yet", async () => {
  /** @type {string[]} */
  const states = [];
  const States = () => {
    const { state } = useSSE(STREAM, { EventSource: sources.EventSource });
    if (state !== states.at(-1)) states.push(state);
    return null;
  };
  await render(h(States));
  await act(async () => sources.current.greet());

  await act(async () => sources.current.say("bye", { reason: "done" }));

  assert.deepEqual(states, ["idle", "connecting", "live", "closed"]);
});

test("the how-to page's component keeps the last progress, and says when it is done", async () => {
  const path = new URL("../../../docs/how-to/use-the-client.md", import.meta.url);
  const [, written] = /** @type {RegExpMatchArray} */ (readFileSync(path, "utf8").match(/```jsx\n([\s\S]*?)```/));
  const { transformSync } = createRequire(new URL("../types/package.json", import.meta.url))("esbuild");
  const { code } = transformSync(written, { loader: "jsx", format: "cjs", jsxFactory: "h" });
  /** @type {any} */
  const made = { exports: {} };
  const pick = (/** @type {string} */ name) => (name === "react" ? { useState } : { useSSE });
  new Function("module", "require", "h", code)(made, pick, h);
  globalThis.EventSource = sources.EventSource;

  await render(h(made.exports.Progress, { job: 1 }));
  const before = shown();
  await act(async () => sources.current.greet());
  await act(async () => sources.current.tell(1, { progress: 35, message: "Half way" }));
  const halfway = shown();
  await act(async () => sources.current.tell(2, { message: "All in." }, "complete"));
  await act(async () => sources.current.say("bye", { reason: "done" }));

  assert.deepEqual(before, ["0 %  Not connected"]);
  assert.deepEqual(halfway, ["35 % Half way "]);
  assert.deepEqual(shown(), ["35 % All in. Done"]);
});

test("reconnect opens the stream again where it stood", async () => {
  /** @type {any} */
  let again;
  const Manual = () => {
    const { reconnect } = useSSE(STREAM, { EventSource: sources.EventSource });
    again = reconnect;
    return null;
  };
  await render(h(Manual));
  await act(async () => sources.current.greet());
  await act(async () => sources.current.tell(1));

  let done = false;
  await act(async () => void again().then(() => (done = true)));
  await act(async () => sources.current.greet());

  assert.equal(done, true);
  assert.match(sources.current.url, /lastEventId=1/);
  assert.equal(alive(), 1);
});

test("to reconnect in vain is told as the error, and nobody need wait for it", async () => {
  /** @type {any} */
  let again;
  const Manual = () => {
    const { error, reconnect } = useSSE(STREAM, { EventSource: sources.EventSource });
    again = reconnect;
    return h("p", null, error?.reason ?? "fine");
  };
  const unhandled = mock.fn();
  process.on("unhandledRejection", unhandled);
  await render(h(Manual));

  await act(async () => void again());
  await act(async () => sources.current.say("bye", { reason: "gone" }));
  await new Promise((done) => setImmediate(done));
  process.off("unhandledRejection", unhandled);

  assert.deepEqual(shown(), ["gone"]);
  assert.equal(unhandled.mock.callCount(), 0);
});

test("a server renders it without opening anything", () => {
  const html = renderToString(h(Job));

  assert.equal(html, "<p>none away fine</p>");
  assert.equal(sources.opened.length, 0);
});
