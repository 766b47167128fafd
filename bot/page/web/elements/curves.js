// Tutor.Curves: loss curves, drawn as the training went.
import { say } from "../words.js";
import { button, draw, make, still } from "./dom.js";

const [H, LEFT, RIGHT, TOP, BOTTOM] = [260, 46, 14, 14, 44];
// Drawn about as wide as it is shown, so that its words stay legible.
const WIDTHS = { narrow: 280, wide: 480 };
const DASHES = ["", "7 5", "2 4"];
const DRAWING_MS = 2400;

export class Curves extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Curves";

  getJsonTypeName() {
    return Curves.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    Object.assign(this, { title: source.title, xLabel: source.xLabel, yLabel: source.yLabel, alt: source.alt, marker: source.marker });
    this.series = (source.series ?? []).filter((one) => one.points?.length);
  }

  internalRender() {
    this.width = matchMedia("(max-width: 560px)").matches ? WIDTHS.narrow : WIDTHS.wide;
    const points = this.series.flatMap((one) => one.points);
    this.xs = [Math.min(...points.map((p) => p[0])), Math.max(...points.map((p) => p[0]))];
    // A loss that went wild would flatten all the rest.
    this.ys = [0, Math.max(0.5, Math.min(12, Math.max(...points.map((p) => p[1]))) * 1.06)];
    const svg = draw("svg", { viewBox: `0 0 ${this.width} ${H}`, role: "img", "aria-label": this.alt });
    svg.append(...this.axes(), ...this.lines(), ...this.pointer());
    const legend = make("div", { class: "legend", "aria-hidden": "true" }, ...this.series.map((one, n) => this.key(one.name, n)));
    const again = button(say("curves_replay"), say("curves_replay"), () => this.play());
    const row = make("div", { class: "row" }, legend, still() ? null : again);
    requestAnimationFrame(() => this.play());
    return make("figure", { class: "tutor-element curves" }, make("figcaption", {}, this.title), svg, row);
  }

  x(value) {
    return LEFT + ((value - this.xs[0]) / (this.xs[1] - this.xs[0] || 1)) * (this.width - LEFT - RIGHT);
  }

  y(value) {
    return H - BOTTOM - (Math.min(value, this.ys[1]) / this.ys[1]) * (H - TOP - BOTTOM);
  }

  axes() {
    const marks = [];
    for (let n = 0; n <= 4; n++) {
      const value = (this.ys[1] * n) / 4;
      marks.push(
        draw("line", { class: "grid", x1: LEFT, x2: this.width - RIGHT, y1: this.y(value), y2: this.y(value) }),
        draw("text", { x: LEFT - 6, y: this.y(value) + 4, "text-anchor": "end" }, value.toFixed(1)),
      );
    }
    for (let n = 0; n <= 4; n++) {
      const value = this.xs[0] + ((this.xs[1] - this.xs[0]) * n) / 4;
      marks.push(draw("text", { x: this.x(value), y: H - BOTTOM + 18, "text-anchor": "middle" }, String(Math.round(value))));
    }
    marks.push(
      draw("text", { class: "axis", x: (LEFT + this.width - RIGHT) / 2, y: H - 6, "text-anchor": "middle" }, this.xLabel),
      draw("text", { class: "axis", x: 12, y: (TOP + H - BOTTOM) / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${(TOP + H - BOTTOM) / 2})` }, this.yLabel),
    );
    return marks;
  }

  lines() {
    this.clip = draw("rect", { x: 0, y: 0, width: this.width, height: H });
    const id = `clip-${Math.random().toString(36).slice(2)}`;
    const paths = this.series.map((one, n) => {
      const line = one.points.map((p, i) => `${i ? "L" : "M"}${this.x(p[0]).toFixed(1)} ${this.y(p[1]).toFixed(1)}`).join("");
      return draw("path", { class: `line line-${n}`, d: line, "stroke-dasharray": DASHES[n % DASHES.length], "clip-path": `url(#${id})` });
    });
    return [draw("defs", {}, draw("clipPath", { id }, this.clip)), ...paths];
  }

  pointer() {
    if (!this.marker) return [];
    const x = this.x(this.marker.x);
    const end = x > this.width * 0.7;
    return [
      draw("line", { class: "marker", x1: x, x2: x, y1: TOP, y2: H - BOTTOM }),
      draw("text", { class: "marker-label", x: x + (end ? -5 : 5), y: TOP + 10, "text-anchor": end ? "end" : "start" }, this.marker.label),
    ];
  }

  key(name, n) {
    const line = draw("svg", { viewBox: "0 0 32 8", width: 32, height: 8 }, draw("line", { class: `line line-${n}`, x1: 0, x2: 32, y1: 4, y2: 4, "stroke-dasharray": DASHES[n % DASHES.length] }));
    return make("span", { class: "key" }, line, name);
  }

  play() {
    if (still()) return;
    const begun = performance.now();
    const step = (now) => {
      const share = Math.min(1, (now - begun) / DRAWING_MS);
      this.clip.setAttribute("width", String(LEFT + share * (this.width - LEFT)));
      if (share < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
