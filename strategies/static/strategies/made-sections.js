/** Sections that are finished can be read while the others are still being written: each is fetched when it is opened. */

import { fetchPart } from "./page-parts.js";

/**
 * @param {HTMLElement} root
 * @returns {() => void} its undo
 */
export function openSections(root) {
  /** @param {Event} event */
  const opened = async (event) => {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement) || !details.open || details.dataset.fetched !== undefined) return;
    const link = details.querySelector("a[data-section]");
    if (!(link instanceof HTMLAnchorElement)) return;
    details.dataset.fetched = "";
    const section = await fetchPart(link.href, "section");
    // The link that is there leads to the same, should it not come.
    if (section) link.parentElement?.replaceWith(section);
    else delete details.dataset.fetched;
  };
  // Toggling is told to the element alone; on its way there it passes the page.
  root.addEventListener("toggle", opened, true);
  return () => root.removeEventListener("toggle", opened, true);
}
