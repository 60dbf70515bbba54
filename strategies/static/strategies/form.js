/** The brief's form: rows come and go as they are needed, and a list of errors takes the focus. */

const PATTERN_ROW = /__row__/g;

/** Replace the row's number in every attribute that names it. @param {DocumentFragment} row @param {number} number */
function numbered(row, number) {
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("__row__")) attribute.value = attribute.value.replace(PATTERN_ROW, String(number));
    }
  }
  return row;
}

/** @param {Element} row */
const isEmpty = (row) =>
  [.../** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll("input, textarea, select"))].every(
    (input) => (input.type === "checkbox" ? !input.checked : input.value === ""),
  );

/** @param {Element | undefined} row */
const focusFirst = (row) => {
  const input = row?.querySelector("input, textarea, select");
  if (input instanceof HTMLElement) input.focus();
};

/**
 * `<row-list>`: without a script it has some empty rows at its end; with one it has one, and a button for more.
 *
 * A row that goes leaves a gap in the numbers of the inputs, which the server closes.
 */
class RowList extends HTMLElement {
  #next = 0;
  /** @type {HTMLButtonElement | null} */
  #add = null;

  connectedCallback() {
    const pattern = this.querySelector("template");
    if (!pattern || this.#add) return;
    const empty = this.#rows.filter(isEmpty);
    for (const row of empty.slice(this.#rows.length === empty.length ? 1 : 0)) row.remove();
    this.#next = Number(this.#rows.at(-1)?.querySelector(".remove")?.getAttribute("value")?.split(".").at(-1)) + 1;
    this.#add = document.createElement("button");
    this.#add.type = "button";
    this.#add.textContent = this.dataset.add ?? "";
    this.#add.addEventListener("click", () => {
      const row = numbered(/** @type {DocumentFragment} */ (pattern.content.cloneNode(true)), this.#next++);
      this.insertBefore(row, pattern);
      this.#label();
      focusFirst(this.#rows.at(-1));
    });
    this.append(this.#add);
    this.addEventListener("click", (event) => this.#remove(event));
  }

  get #rows() {
    return [...this.querySelectorAll(":scope > .row")];
  }

  /** @param {Event} event */
  #remove(event) {
    const row = event.target instanceof Element && event.target.closest(".remove")?.closest(".row");
    if (!row) return;
    event.preventDefault();
    const place = this.#rows.indexOf(row);
    row.remove();
    this.#label();
    this.dispatchEvent(new Event("input", { bubbles: true }));
    if (this.#rows.length) focusFirst(this.#rows[Math.min(place, this.#rows.length - 1)]);
    else this.#add?.focus();
  }

  #label() {
    for (const [place, row] of this.#rows.entries()) {
      const label = `${this.dataset.label} ${place + 1}`;
      row.setAttribute("aria-label", label);
      const said = row.querySelector(".remove > .unseen");
      if (said) said.textContent = ` ${label}`;
    }
  }
}

customElements.define("row-list", RowList);
document.getElementById("faults")?.focus();
