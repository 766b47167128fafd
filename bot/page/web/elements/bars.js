// Tutor.Bars: figures as bars from 0, in the page's own colours, each with its value.
import { make } from "./dom.js";

export class Bars extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Bars";

  getJsonTypeName() {
    return Bars.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.source = source;
  }

  internalRender() {
    const { title, labels, series, highest, alt } = this.source;
    const write = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
    const groups = labels.map((label, at) => {
      const rows = series.map(({ name, values }, n) => {
        const bar = make("span", { class: `bar bar-${n % 4}` });
        bar.style.setProperty("inline-size", `${(100 * values[at]) / highest}%`);
        return make("div", { class: "one" }, make("span", { class: "name" }, name), make("span", { class: "room" }, bar), make("span", { class: "value" }, write.format(values[at])));
      });
      return make("div", { class: "group" }, make("p", {}, label), ...rows);
    });
    return make("figure", { class: "tutor-element bars" }, make("figcaption", {}, title), make("div", { role: "img", "aria-label": alt }, ...groups));
  }
}
