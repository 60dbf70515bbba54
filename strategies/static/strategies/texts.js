/** Texts in the page's language. The server has put them into the page; what is not there is said as it is written here. */

/** @param {string} id */
function read(id) {
  return JSON.parse(globalThis.document?.getElementById(id)?.textContent ?? "null") ?? {};
}

/** The language that the page is in. */
export const language = globalThis.document?.documentElement.lang || "en";

/** @type {Record<string, string>} */
const texts = read("texts");

/**
 * A text with values in its braces. Each call is found by `make messages`, so its first argument is written out.
 *
 * @param {string} english
 * @param {Record<string, string | number>} [values]
 */
export function gettext(english, values = {}) {
  return fill(texts[english] ?? english, values);
}

/**
 * What an event says, in the page's language where it is something that this project says: "3 parts" is found as
 * "{count} parts", and so are the words in its braces.
 *
 * @param {string} english
 * @param {Record<string, string>} known by the English words
 * @returns {string}
 */
export function told(english, known) {
  if (known[english]) return known[english];
  for (const [pattern, text] of Object.entries(known)) {
    const values = pattern.includes("{") && match(pattern, english);
    if (values) {
      return fill(text, Object.fromEntries(Object.entries(values).map(([name, part]) => [name, known[part] ?? part])));
    }
  }
  return english;
}

/** @param {number} value @param {number} [decimals] */
export function number(value, decimals = 0) {
  return value.toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** @param {string} text @param {Record<string, string | number>} values */
function fill(text, values) {
  return text.replace(/\{([a-z_]+)\}/g, (braces, name) => String(values[name] ?? braces));
}

/** What stands in the braces; the same word in two places stands for the same. @param {string} pattern @param {string} text */
function match(pattern, text) {
  /** @type {Set<string>} */
  const seen = new Set();
  const group = (/** @type {string} */ _, /** @type {string} */ name) => {
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>.+?)`;
  };
  const escaped = pattern.replace(/[.*+?^$()[\]\\|]/g, "\\$&").replace(/\{([a-z_]+)\}/g, group);
  return new RegExp(`^${escaped}$`, "s").exec(text)?.groups;
}
