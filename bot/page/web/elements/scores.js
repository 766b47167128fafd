// Tutor.Scores: the scores of a reply, in words and as bars.
import { make } from "./dom.js";

// The words say it all; the bar is there to be looked at.
export function scored(scores) {
  const lines = scores.map(({ text, value, of }) => {
    const parts = Array.from({ length: value ? of : 0 }, (_, at) => make("i", { class: at < value ? "full" : null }));
    return make("li", {}, text, make("span", { class: "points", "aria-hidden": "true" }, ...parts));
  });
  return make("ul", { class: "scored" }, ...lines);
}

export class Scores extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Scores";

  getJsonTypeName() {
    return Scores.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.scores = source.scores ?? [];
  }

  internalRender() {
    return make("div", { class: "tutor-element" }, scored(this.scores));
  }
}
