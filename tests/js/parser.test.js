import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createParser } from "../../sse/static/sse/SSEParser.js";

const CASES = JSON.parse(readFileSync(new URL("../sse/cases.json", import.meta.url), "utf8"));

/** @param {Uint8Array[]} pieces */
function read(pieces) {
  /** @type {unknown[]} */
  const events = [];
  /** @type {number[]} */
  const retries = [];
  const parser = createParser({ onEvent: (event) => events.push(event), onRetry: (retry) => retries.push(retry) });
  const decoder = new TextDecoder();
  for (const piece of pieces) parser.feed(decoder.decode(piece, { stream: true }));
  return { events, retries };
}

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);

for (const { name, wire, expect } of CASES.filter((/** @type {any} */ { wire }) => wire !== undefined)) {
  test(`${name}: the same whole, byte by byte, and cut at any place`, () => {
    const all = bytes(wire);

    assert.deepEqual(read([all]).events, expect);
    assert.deepEqual(read([...all].map((byte) => Uint8Array.of(byte))).events, expect);
    for (let cut = 1; cut < all.length; cut += 1) {
      assert.deepEqual(read([all.slice(0, cut), all.slice(cut)]).events, expect, `cut at ${cut}`);
    }
  });
}

test("a time to come back is told, one that is no number is not", () => {
  const { retries } = read([bytes("retry: 2500\n\nretry: 1e3\n\nretry:-1\n\nretry\n\nretry: 0\n\n")]);

  assert.deepEqual(retries, [2500, 0]);
});

test("two line feeds after a carriage return, each in a piece of its own, are an end and an empty line", () => {
  const { events } = read(["data: a\r", "\n", "\n"].map(bytes));

  assert.equal(events.length, 1);
});

test("a long line in many pieces takes no longer than its length", () => {
  const piece = bytes("x".repeat(100));
  const pieces = Array.from({ length: 100_000 }, () => piece);

  const { events } = read([bytes("data: "), ...pieces, bytes("\n\n")]);

  assert.equal(/** @type {any} */ (events[0]).data.length, 10_000_000);
});
