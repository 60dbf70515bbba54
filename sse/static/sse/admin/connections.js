/**
 * Keeps the admin's page of connections up to date.
 *
 * Only texts and attributes are written: a node that was replaced would lose focus, selection and open details. New rows
 * are appended, rows of connections that are gone are removed.
 */

/**
 * @typedef {{id: string, state: string, cells: Record<string, string>}} Row
 * @typedef {{summary: string, notices: string[], rows: Row[]}} State
 */

/** @param {Element} node @param {string} text */
const say = (node, text) => {
  // Writing the same text again would undo a selection in it.
  if (node.textContent !== text) node.textContent = text;
};

/** @param {Element} node @param {string} name @param {string} value */
const mark = (node, name, value) => {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
};

/** @param {HTMLElement} line @param {Row} row */
function patch(line, row) {
  mark(line, "data-connection", row.id);
  mark(line, "data-state", row.state);
  for (const cell of line.querySelectorAll("[data-cell]")) {
    say(cell, row.cells[/** @type {HTMLElement} */ (cell).dataset.cell ?? ""] ?? "");
  }
  for (const control of line.querySelectorAll("[data-says]")) {
    mark(control, "value", row.id);
    mark(control, "aria-label", `${/** @type {HTMLElement} */ (control).dataset.says} ${row.cells.user}`);
  }
}

/** @param {HTMLElement} root @param {State} state */
function show(root, state) {
  const body = /** @type {HTMLElement} */ (root.querySelector("tbody"));
  const blank = /** @type {HTMLTemplateElement} */ (root.querySelector("template[data-row]"));
  /** @type {Map<string, HTMLElement>} */
  const lines = new Map();
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("[data-connection]"))) {
    lines.set(line.dataset.connection ?? "", line);
  }
  for (const row of state.rows) {
    let line = lines.get(row.id);
    lines.delete(row.id);
    if (!line) {
      const copy = /** @type {DocumentFragment} */ (blank.content.cloneNode(true));
      line = /** @type {HTMLElement} */ (copy.querySelector("tr"));
      body.append(line);
    }
    patch(line, row);
  }
  for (const line of lines.values()) line.remove();
  say(/** @type {Element} */ (root.querySelector("[data-summary]")), state.summary);
  const notices = /** @type {HTMLElement} */ (root.querySelector("[data-notices]"));
  say(notices, state.notices.join(" "));
  notices.hidden = state.notices.length === 0;
  /** @type {HTMLElement} */ (root.querySelector("[data-nobody]")).hidden = state.rows.length > 0;
}

/**
 * Renew the page every `data-seconds` while it is seen.
 *
 * @param {HTMLElement} root
 * @returns {() => void} stops it
 */
export function renew(root) {
  const wait = Number(root.dataset.seconds) * 1000;
  const renewal = /** @type {HTMLElement} */ (root.querySelector("[data-renewal]"));
  let running = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const look = async () => {
    try {
      const answer = await fetch(root.dataset.source ?? "", {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.redirected || answer.status === 403) {
        // Signed out, or no longer allowed to look: asking again cannot help.
        running = false;
        return say(renewal, root.dataset.stopped ?? "");
      }
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const state = /** @type {State} */ (await answer.json());
      if (!running) return;
      show(root, state);
      say(renewal, root.dataset.renewed ?? "");
    } catch {
      say(renewal, root.dataset.silent ?? "");
    } finally {
      again();
    }
  };

  const again = () => {
    clearTimeout(timer);
    if (running && !document.hidden) timer = setTimeout(look, wait);
  };

  document.addEventListener("visibilitychange", again);
  again();
  return () => {
    running = false;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", again);
  };
}

const page = /** @type {HTMLElement | null} */ (
  globalThis.document?.querySelector(".connections[data-source]")
);
if (page) renew(page);
