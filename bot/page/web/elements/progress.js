// Tutor.Progress: where the learner is, a piece of the bar for each phase.
import { make } from "./dom.js";

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
    const parts = this.phases.map(({ title, state, share }) => {
      const fill = make("span", { class: "fill" });
      fill.style.setProperty("inline-size", `${Math.round(100 * share)}%`);
      return make("span", { class: `part ${state}`, title }, fill);
    });
    const bar = make("div", { class: "track", role: "progressbar", "aria-label": this.label, "aria-valuemin": 0, "aria-valuemax": this.of, "aria-valuenow": this.value, "aria-valuetext": this.label }, ...parts);
    return make("div", { class: "tutor-element progress" }, make("span", { class: "label" }, this.label), bar);
  }
}
