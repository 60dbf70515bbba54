/** The tab's icon, which tells how far a job is to whoever looks at another tab. */

/** @typedef {{status: string, progress: number, final: boolean}} Standing */

const GOOD = ["succeeded", "partial"];
const MARK = 'fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"';

/** The icon as a drawing: a ring that closes, then a tick or a cross. @param {Standing} standing */
export function draw({ status, progress, final }) {
  const [open, close] = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">', "</svg>"];
  if (!final) {
    const ring = `<circle cx="16" cy="16" r="12" fill="none" stroke-width="7" pathLength="100"`;
    const done = `${ring} stroke="#0f6b5f" stroke-dasharray="${progress} 100" transform="rotate(-90 16 16)"/>`;
    return `${open}${ring} stroke="#a9b5b1"/>${done}${close}`;
  }
  const [colour, mark] = GOOD.includes(status) ? ["#1d6f3c", "M9 17l5 5 10-12"] : ["#ab231c", "M10 10l12 12M22 10L10 22"];
  return `${open}<circle cx="16" cy="16" r="16" fill="${colour}"/><path d="${mark}" ${MARK}/>${close}`;
}

/**
 * Show the icon in a page's head.
 *
 * @param {Document} page
 * @param {Standing} standing
 */
export function showIcon(page, standing) {
  const link = /** @type {HTMLLinkElement | null} */ (page.querySelector("link[rel=icon]"));
  const address = `data:image/svg+xml,${encodeURIComponent(draw(standing))}`;
  if (link && link.href !== address) link.href = address;
}
