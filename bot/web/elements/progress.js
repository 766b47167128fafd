// Tutor.Progress: where the learner is, in four phases.
import { make } from "./dom.js";

const SIGNS = { done: "✓", here: "●", ahead: "○" };

export class Progress extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Progress";

  getJsonTypeName() {
    return Progress.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    Object.assign(this, { label: source.label, value: source.value, of: source.of, phases: source.phases ?? [] });
  }

  internalRender() {
    const parts = this.phases.map(({ title, state }) => make("span", { class: `part ${state}`, title }, SIGNS[state] ?? ""));
    const fill = make("span", { class: "fill" });
    fill.style.setProperty("inline-size", `${Math.round((100 * this.value) / (this.of || 1))}%`);
    const bar = make("div", { class: "track", role: "progressbar", "aria-label": this.label, "aria-valuemin": 0, "aria-valuemax": this.of, "aria-valuenow": this.value, "aria-valuetext": this.label }, fill);
    return make("div", { class: "tutor-element progress" }, make("div", { class: "row" }, make("span", { class: "label" }, this.label), make("span", { class: "parts", "aria-hidden": "true" }, ...parts)), bar);
  }
}
