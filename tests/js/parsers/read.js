/**
 * What parsers that others wrote and our own make of streams: prints, as JSON, each parser's events of each case.
 *
 *     node read.js http://127.0.0.1:8000/case/ 69 '["message", …]'
 */
import { fetchEventSource } from "@microsoft/fetch-event-source";
import { EventSource as Polyfill } from "eventsource";
import { createParser } from "eventsource-parser";
import { EventSource } from "undici";

import { createEventSource } from "../../../sse/static/sse/SSEFetch.js";

const [base, count, names] = [process.argv[2], Number(process.argv[3]), JSON.parse(process.argv[4])];

/** The library parses; what an id means for later events is left to whoever uses it. */
async function withParser(url) {
  const events = [];
  let last = "";
  const parser = createParser({
    onEvent: ({ event, data, id }) => {
      last = id ?? last;
      events.push({ event: event || "message", data, lastEventId: last });
    },
  });
  const body = (await fetch(url)).body.pipeThrough(new TextDecoderStream());
  for await (const text of body) parser.feed(text);
  return events;
}

function withEventSource(EventSource, url) {
  return new Promise((resolve) => {
    const events = [];
    const source = new EventSource(url);
    const note = ({ type, data, lastEventId }) => {
      if (typeof data === "string") {
        events.push({ event: type, data, lastEventId });
      } else if (type === "error") {
        source.close();
        resolve(events);
      }
    };
    for (const name of new Set(["message", "error", ...names])) source.addEventListener(name, note);
  });
}

/** It was written for pages; this much of one it needs. */
Object.assign(globalThis, { window: globalThis, document: new EventTarget() });

async function withFetchEventSource(url) {
  const events = [];
  const onmessage = ({ event, data, id }) => events.push({ event: event || "message", data, lastEventId: id });
  await fetchEventSource(url, { fetch, onmessage });
  return events;
}

const Ours = createEventSource({ fetch, now: Date.now });
const found = { "eventsource-parser": [], undici: [], eventsource: [], "fetch-event-source": [], SSEFetch: [] };
for (let number = 0; number < count; number += 1) {
  found["eventsource-parser"].push(await withParser(`${base}${number}`));
  found.undici.push(await withEventSource(EventSource, `${base}${number}`));
  found.eventsource.push(await withEventSource(Polyfill, `${base}${number}`));
  found["fetch-event-source"].push(await withFetchEventSource(`${base}${number}`));
  found.SSEFetch.push(await withEventSource(Ours, `${base}${number}`));
}
process.stdout.write(JSON.stringify(found));
