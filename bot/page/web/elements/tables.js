// Tutor.Table: figures in rows, each row a small block of its own where there is little room.
import { button, make } from "./dom.js";

export class Table extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Table";

  getJsonTypeName() {
    return Table.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    Object.assign(this, { header: source.header ?? [], rows: source.rows ?? [] });
    this.opens = (source.opens ?? []).map((action) => context.parseAction(this, action, [], false));
  }

  internalRender() {
    const head = make("tr", {}, ...this.header.map((name) => make("th", { scope: "col" }, name)));
    const rows = this.rows.map(([first, ...rest], row) => {
      const cells = rest.map((cell, at) => make("td", { "data-label": this.header[at + 1] }, cell));
      const opens = this.opens[row];
      const name = opens ? button(first, opens.title, () => opens.execute(), "link") : first;
      const pressed = opens ? { class: "opens", onclick: () => opens.execute() } : {};
      return make("tr", pressed, make("th", { scope: "row" }, name), ...cells);
    });
    return make("div", { class: "tutor-element" }, make("table", { class: "figures" }, make("thead", {}, head), make("tbody", {}, ...rows)));
  }
}
