/** What the client weighs as others' clients are weighed: in one file, minified, gzip. Its own folder has no build. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const FOLDER = fileURLToPath(new URL("../../../sse/static/sse/", import.meta.url));

/** @param {string} entry @param {string[]} apart modules that are not counted */
async function size(entry, apart) {
  const external = apart.map((name) => (name === "react" ? name : `./${name}.js`));
  const options = { bundle: true, minify: true, write: false, target: "es2022", absWorkingDir: FOLDER };
  const { outputFiles } = await build({ ...options, format: "esm", entryPoints: [`./${entry}.js`], external });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

for (const [what, entry, apart, most] of /** @type {[string, string, string[], number][]} */ ([
  ["the core", "SSEConnection", ["SSEPolling", "SSETabs", "SSEFetch"], 4000],
  ["the core, polling and tabs", "SSEConnection", ["SSEFetch"], 7000],
  ["streams by fetch", "SSEFetch", [], 1200],
])) {
  test(`${what} weighs at most ${most} bytes`, async (context) => {
    const bytes = await size(entry, apart);

    context.diagnostic(`${what}: ${bytes} bytes`);
    assert.ok(bytes > 500 && bytes <= most, `${bytes} bytes`);
  });
}

test("the React hook weighs at most 700 bytes", async (context) => {
  const all = { setup: (/** @type {any} */ made) => made.onResolve({ filter: /^(react|\.\.\/.*)$/ }, () => ({ external: true, path: "x" })) };
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    entryPoints: [`${FOLDER}react/useSSE.js`],
    plugins: [{ name: "apart", ...all }],
  });
  const bytes = gzipSync(outputFiles[0].contents, { level: 9 }).length;

  context.diagnostic(`the hook: ${bytes} bytes`);
  assert.ok(bytes > 300 && bytes <= 700, `${bytes} bytes`);
});
