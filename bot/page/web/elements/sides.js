// Tutor.Sides: what several models said, side by side.
import { fresh, make } from "./dom.js";
import { scored } from "./scores.js";

export class Sides extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Sides";

  getJsonTypeName() {
    return Sides.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.sides = source.sides ?? [];
  }

  internalRender() {
    const made = this.sides.map(({ title, text, scores }) => {
      const id = fresh("side");
      const points = scores?.length ? scored(scores) : null;
      return make("section", { "aria-labelledby": id }, make("h3", { id }, title), make("p", {}, text), points);
    });
    return make("div", { class: "tutor-element sides" }, ...made);
  }
}
