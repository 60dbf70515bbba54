/** How pages tell moments: in the reader's zone, in the page's language as the reader's region has it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { regional, tell } from "../../strategies/static/strategies/local-times.js";

const AT = "2027-05-03T20:05:00+00:00";
// Where Intl has a narrow blank, an older one has a plain one.
const plain = (/** @type {string} */ text) => text.replace(/\s/g, " ");

test("a moment is told by the reader's clock, with its zone", () => {
  const told = plain(tell(AT, { language: "de", zone: "Asia/Kolkata" }));

  assert.match(told, /^4\. Mai 2027.* 01:35.* GMT\+5:30$/);
});

test("a moment of which the day is enough is told as the day it is there", () => {
  assert.equal(tell(AT, { language: "de", zone: "Asia/Kolkata", day: true }), "4. Mai 2027");
});

test("what names no moment is left alone", () => {
  const told = ["2027-05-03", "2027-05-03T20:05:00", "P3D", "soon", "", "2027-99-99T99:99:99Z"].map((each) => tell(each, { language: "en" }));

  assert.deepEqual(told, ["", "", "", "", "", ""]);
});

test("the page's language is told as the reader's region has it", () => {
  assert.equal(regional("en", ["de-AT", "en-IN", "en"]), "en-IN");
  assert.equal(regional("de", ["en-US", "en"]), "de");
  assert.equal(regional("en"), "en");
});
