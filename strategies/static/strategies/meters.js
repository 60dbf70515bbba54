/** How much of the brief's form is filled in, and what would help most: counted anew while somebody types. */

/** @param {Element} part */
const isGiven = (part) =>
  [.../** @type {NodeListOf<HTMLInputElement>} */ (part.querySelectorAll("input, textarea, select"))].some((input) =>
    input.type === "checkbox" ? input.checked : input.value !== "",
  );

/** As the server counts it: something stands in it, and nothing that it needs is missing. @param {Element} question */
export function isAnswered(question) {
  const rows = [...question.querySelectorAll(":scope > row-list > .row")];
  const given = (rows.length ? rows : [question]).filter(isGiven);
  return given.length > 0 && given.every((part) => [...part.querySelectorAll("[data-needed]")].every(isGiven));
}

/** Something that is shown of the form's questions, and again after each input. */
class OfAnswers extends HTMLElement {
  /** @type {AbortController | null} */
  #listening = null;

  connectedCallback() {
    this.#listening = new AbortController();
    this.closest("form")?.addEventListener("input", () => this.show(), { signal: this.#listening.signal });
  }

  disconnectedCallback() {
    this.#listening?.abort();
  }

  show() {}
}

/** `<answer-meter data-of="group|required|all">`: a meter and its words. `data-unseen` are answered and not on the page. */
class AnswerMeter extends OfAnswers {
  show() {
    const scope = this.dataset.of === "group" ? this.closest(".group") : this.closest("form");
    const wanted = this.dataset.of === "required" ? "[data-question][data-required]" : "[data-question]";
    const questions = [...(scope?.querySelectorAll(wanted) ?? [])];
    const answered = questions.filter(isAnswered).length + Number(this.dataset.unseen ?? 0);
    const lacking = questions.filter((each) => each.hasAttribute("data-required") && !isAnswered(each)).length;
    const meter = this.querySelector("meter");
    if (meter) meter.value = answered;
    const given = this.querySelector("[data-given]");
    if (given) given.textContent = String(answered);
    const lack = this.querySelector("[data-lacking]");
    if (lack instanceof HTMLElement) {
      lack.hidden = lacking === 0;
      const count = lack.querySelector("[data-count]");
      if (count) count.textContent = String(lacking);
    }
  }
}

/** `<answer-advice data-most>`: questions in the order of their weight, of which the first without an answer are shown. */
class AnswerAdvice extends OfAnswers {
  show() {
    let shown = 0;
    for (const item of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-for]"))) {
      const question = this.closest("form")?.querySelector(`[data-question="${CSS.escape(item.dataset.for ?? "")}"]`);
      const isOpen = question ? !isAnswered(question) : item.dataset.answered === undefined;
      item.hidden = !isOpen || ++shown > Number(this.dataset.most);
    }
    this.hidden = shown === 0;
  }
}

customElements.define("answer-meter", AnswerMeter);
customElements.define("answer-advice", AnswerAdvice);
