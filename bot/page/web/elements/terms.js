// Tutor.Terms: technical terms that explain themselves on hover, focus or press.
import { say } from "../words.js";
import { button, fresh, make } from "./dom.js";

export class Terms extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Terms";

  getJsonTypeName() {
    return Terms.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.label = source.label;
    this.terms = source.terms ?? [];
  }

  internalRender() {
    const id = fresh("meaning");
    const meaning = make("p", { id, class: "meaning", role: "status", "aria-live": "polite" });
    const chips = this.terms.map(({ term, meaning: told }) => {
      const chip = button(term, say("terms_show", { term }), () => pick(chip, told), "chip");
      chip.setAttribute("aria-expanded", "false");
      chip.setAttribute("aria-controls", id);
      chip.title = told;
      return chip;
    });
    const pick = (chosen, told) => {
      const opens = chosen.getAttribute("aria-expanded") === "false";
      for (const chip of chips) chip.setAttribute("aria-expanded", String(chip === chosen && opens));
      meaning.textContent = opens ? told : "";
    };
    return make("div", { class: "tutor-element terms", role: "group", "aria-label": this.label }, make("span", { class: "label" }, this.label), ...chips, meaning);
  }
}
