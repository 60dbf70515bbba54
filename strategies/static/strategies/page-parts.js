/** Parts of pages that the server rendered and escaped: fetched, and shown as they are. */

import { part } from "./job-view.js";

/**
 * Fetch a page and return one part of it; null where it can't be had in a few seconds.
 *
 * @param {string} url
 * @param {string} name
 */
export async function fetchPart(url, name) {
  for (const pause of [0, 1, 3]) {
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    try {
      const response = await fetch(url, { headers: { Accept: "text/html" } });
      if (!response.ok) continue;
      const found = part(new DOMParser().parseFromString(await response.text(), "text/html"), name);
      if (found?.children.length) return found;
    } catch {
      // The network; once more.
    }
  }
  return null;
}
