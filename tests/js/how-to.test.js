/** The page that shows how to use the client, run as it stands. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createEventSource, createFetch, until } from "./doubles.js";

const PAGE = readFileSync(new URL("../../docs/how-to/use-the-client.md", import.meta.url), "utf8");
const README = readFileSync(new URL("../../sse/static/sse/README.md", import.meta.url), "utf8");
const STATIC = new URL("../../sse/static/", import.meta.url).href;

for (const [what, text] of [["page", PAGE], ["package's README", README]]) test(`the ${what}'s example shows progress, its end and how the connection stands`, async () => {
  const [, code] = /** @type {RegExpMatchArray} */ (text.match(/```js\n([\s\S]*?)```/));
  const sources = createEventSource();
  const place = { dataset: { cursor: "3", state: "" }, textContent: "" };
  Object.assign(globalThis, { EventSource: sources.EventSource, document: { querySelector: () => place, cookie: "" } });

  const address = text === PAGE ? ["/static/", STATIC] : ["strategy-stream-client", `${STATIC}sse/index.js`];
  const running = import(`data:text/javascript,${encodeURIComponent(code.replace(address[0], address[1]))}`);
  await until(() => sources.opened.length > 0);
  sources.current.greet();
  await running;
  sources.current.tell(4, { progress: 35, message: "<b>Half</b> way" });
  const halfway = place.textContent;
  sources.current.tell(5, { progress: 100 }, "complete");
  sources.current.say("bye", { reason: "done" });

  assert.equal(halfway, "35 % <b>Half</b> way");
  assert.equal(place.textContent, "Done");
  assert.equal(place.dataset.state, "closed");
  assert.match(sources.current.url, /lastEventId=3/);
});

const ROOT = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

for (const [what, text] of [["page", PAGE], ["package's README", README], ["project's README", ROOT]]) {
  test(`the ${what}'s example runs through without an error where all was told before`, async () => {
    const [code] = [...text.matchAll(/```(?:js|javascript)\n([\s\S]*?)```/g)]
      .map(([, found]) => found)
      .filter((found) => found.includes("await connection.connect()"));
    const sources = createEventSource();
    const web = createFetch();
    /** @type {string[]} */
    const states = [];
    const place = { dataset: { cursor: "5", set state(/** @type {string} */ state) { states.push(state); } } };
    Object.assign(globalThis, {
      EventSource: sources.EventSource,
      fetch: web.fetch,
      document: { querySelector: () => place, cookie: "" },
      show: () => {},
      say: (/** @type {string} */ state) => states.push(state),
    });

    const written = code.replace("/static/", STATIC).replace('"strategy-stream-client"', `"${STATIC}sse/index.js"`);
    const running = import(`data:text/javascript,${encodeURIComponent(`${written}// all was told`)}`);
    await until(() => sources.opened.length > 0);
    sources.current.refuse();
    await until(() => web.requests.length > 0);
    await web.current.answer(204);
    await running;

    assert.deepEqual(states, ["connecting", "closed"]);
  });
}

test("every member, event and option that the page names is there", async () => {
  const { SSEConnection } = await import("../../sse/static/sse/SSEConnection.js");
  const { WIRE } = await import("../../sse/static/sse/SSEMessageTypes.js");
  const written = readFileSync(new URL("sse/SSEOptions.js", STATIC), "utf8");
  const options = [...PAGE.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names]) => names.match(/\w+/g) ?? []);

  for (const name of WIRE) assert.ok(PAGE.includes(`\`${name}\``), name);
  for (const name of ["connect", "disconnect", "reconnect", "on", "off", "send", "isConnected"]) {
    assert.ok(PAGE.includes(`\`${name}(`), name);
    assert.ok(name in SSEConnection.prototype, name);
  }
  assert.ok(options.length > 10);
  for (const name of options.filter((name) => !/^\d+$/.test(name))) assert.match(written, new RegExp(` ${name}\\?:`), name);
});
