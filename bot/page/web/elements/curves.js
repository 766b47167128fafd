// Tutor.Curves: loss curves, drawn as the training went.
import { say } from "../words.js";
import { button, make, still } from "./dom.js";
import { Plot } from "./plot.js";

const DRAWING_MS = 2400;

export class Curves extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Curves";

  getJsonTypeName() {
    return Curves.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.source = source.plot;
  }

  internalRender() {
    this.plot = new Plot(this.source);
    const again = still() ? null : button(say("curves_replay"), say("curves_replay"), () => this.play());
    const cut = this.source.cut ? make("p", { class: "cut", "aria-hidden": "true" }, `▲ ${this.source.cut}`) : null;
    const more = this.plot.series.length ? [this.plot.reader(), this.plot.table()] : [];
    requestAnimationFrame(() => this.play());
    return make("figure", { class: "tutor-element curves" }, make("figcaption", {}, this.source.title), this.plot.svg, cut, make("div", { class: "row" }, this.plot.legend, again), ...more);
  }

  play() {
    const { low, high } = this.source.x;
    if (still()) return;
    const begun = performance.now();
    const step = (now) => {
      const share = Math.min(1, (now - begun) / DRAWING_MS);
      this.plot.reveal(low + share * (high - low) * 1.05);
      if (share < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
