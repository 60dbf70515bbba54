/** The brief's form: rows are added as they are needed, and a list of errors takes the focus. */

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

/** `<row-list>`: without a script it has some empty rows at its end; with one it has one, and a button for more. */
class RowList extends HTMLElement {
  connectedCallback() {
    const pattern = this.querySelector("template");
    if (!pattern || this.querySelector("button")) return;
    const empty = this.#rows().filter(isEmpty);
    for (const row of empty.slice(this.#rows().length === empty.length ? 1 : 0)) row.remove();
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Add another";
    button.addEventListener("click", () => {
      const number = this.#rows().length;
      this.insertBefore(numbered(/** @type {DocumentFragment} */ (pattern.content.cloneNode(true)), number), pattern);
      const added = this.#rows()[number];
      added?.setAttribute("aria-label", `${this.dataset.label} ${number + 1}`);
      /** @type {HTMLElement | null | undefined} */ (added?.querySelector("input, textarea, select"))?.focus();
    });
    this.append(button);
  }

  #rows() {
    return [...this.querySelectorAll(":scope > .row")];
  }
}

customElements.define("row-list", RowList);
document.getElementById("faults")?.focus();
