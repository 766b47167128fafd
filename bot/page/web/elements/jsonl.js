// Tutor.Jsonl: a line that is checked by the server while it is written.
import { say } from "../words.js";
import { fresh, make } from "./dom.js";

const PAUSE_MS = 400;
const UNSEEN = /^(?! +$)[\p{C}\p{Z}]+$/u; // what takes no ink, other than plain spaces
const SHOWN = 3;

export class Jsonl extends window.AdaptiveCards.Input {
  static JsonTypeName = "Tutor.Jsonl";

  getJsonTypeName() {
    return Jsonl.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.id = source.id;
    this.check = source.check;
    this.first = source.value ?? "";
    this.hint = source.placeholder ?? "";
    // The label is the field's own, not the renderer's.
    this.name = source.label;
    this.label = undefined;
  }

  get value() {
    return this.area?.value ?? this.first;
  }

  isSet() {
    return this.value.trim() !== "";
  }

  isValid() {
    return true;
  }

  isDirty() {
    return false;
  }

  resetDirtyState() {}

  resetValue() {}

  get isInteractive() {
    return true;
  }

  focus() {
    this.area?.focus();
  }

  internalRender() {
    const about = fresh("check");
    const id = fresh("line");
    this.area = make("textarea", {
      id,
      rows: 6,
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
      autocomplete: "off",
      placeholder: this.hint,
      "aria-describedby": about,
    });
    this.area.value = this.first;
    this.area.addEventListener("input", () => {
      this.valueChanged();
      this.later();
    });
    // Enter is a line break here, which the check then explains; it must not send the card. Escape leaves it.
    this.area.addEventListener("keydown", (event) => event.key === "Escape" || event.stopPropagation());
    this.told = make("div", { id: about, class: "told", role: "status", "aria-live": "polite" });
    if (this.first) this.later();
    return make("div", { class: "tutor-element jsonl" }, make("label", { for: id }, this.name), this.area, this.told);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const text = this.area.value;
    try {
      const answer = await fetch(this.check, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text }),
      });
      if (answer.status === 429) {
        this.timer = setTimeout(() => this.ask(), 1000 * (Number(answer.headers.get("Retry-After")) || 1));
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const checked = await answer.json();
      if (text === this.area.value) this.show(text, checked);
    } catch {
      this.told.replaceChildren(make("p", {}, say("jsonl_failed")));
    }
  }

  show(text, { ok, summary, faults }) {
    const parts = [make("p", { class: ok ? "ok" : "off" }, `${ok ? "✓" : faults.length ? "✗" : "…"} ${summary}`)];
    for (const fault of faults.slice(0, SHOWN)) parts.push(this.fault(text, fault));
    this.told.replaceChildren(...parts);
    this.area.classList.toggle("valid", ok);
  }

  fault(text, { line, column, length, message, mend }) {
    const row = text.split("\n")[line - 1] ?? "";
    const at = column - 1;
    const left = Math.max(0, at - 24);
    const said = row.slice(at, at + Math.max(1, Math.min(length, 40)));
    const marked = make("mark", {}, UNSEEN.test(said) ? "▯" : said || " ");
    const rest = row.slice(at + Math.max(1, Math.min(length, 40)), at + 64);
    const excerpt = make("code", {}, (left ? "…" : "") + row.slice(left, at), marked, rest);
    return make(
      "div",
      { class: "fault" },
      make("p", {}, make("strong", {}, say("jsonl_place", { line, column })), ` ${message} ${mend}`),
      make("pre", { tabindex: "0" }, excerpt),
    );
  }
}
