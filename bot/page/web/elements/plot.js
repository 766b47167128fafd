// Lines over round ticks, drawn up to a place that moves on; values are read off below.
import { say } from "../words.js";
import { draw, make } from "./dom.js";

const [H, LEFT, RIGHT, TOP, BOTTOM] = [260, 46, 14, 14, 44];
// Drawn about as wide as it is shown, so that its words stay legible.
const WIDTHS = { narrow: 280, wide: 480 };
const DASHES = ["", "7 5", "2 4"];
const ROOM = 8; // of a digit, in the drawing's units

const lined = (n, more) => draw("path", { class: `line line-${n}`, "stroke-dasharray": DASHES[n % DASHES.length], ...more });
const write = (number) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(number);

export class Plot {
  constructor({ x, y, series, alt, marker, cut }) {
    Object.assign(this, { xAxis: x, yAxis: y, marker, cut });
    this.series = (series ?? []).filter((one) => one.points?.length);
    this.width = matchMedia("(max-width: 560px)").matches ? WIDTHS.narrow : WIDTHS.wide;
    this.svg = draw("svg", { viewBox: `0 0 ${this.width} ${H}`, role: "img", "aria-label": cut ? `${alt} ${cut}` : alt });
    this.hair = draw("line", { class: "hair", y1: TOP, y2: H - BOTTOM, visibility: "hidden" });
    this.svg.append(...this.axes(), ...this.lines(), ...this.pointer(), this.hair);
    this.legend = make("div", { class: "legend", "aria-hidden": "true" }, ...this.series.map((one, n) => this.key(one.name, n)));
  }

  x(value) {
    return LEFT + ((value - this.xAxis.low) / (this.xAxis.high - this.xAxis.low || 1)) * (this.width - LEFT - RIGHT);
  }

  y(value) {
    const share = (value - this.yAxis.low) / (this.yAxis.high - this.yAxis.low || 1);
    return H - BOTTOM - share * (H - TOP - BOTTOM);
  }

  axes() {
    const [middle, across] = [(TOP + H - BOTTOM) / 2, (LEFT + this.width - RIGHT) / 2];
    const marks = this.yAxis.ticks.flatMap((value) => [
      draw("line", { class: "grid", x1: LEFT, x2: this.width - RIGHT, y1: this.y(value), y2: this.y(value) }),
      draw("text", { x: LEFT - 6, y: this.y(value) + 4, "text-anchor": "end" }, write(value)),
    ]);
    let free = 0;
    for (const value of this.xAxis.ticks) {
      const [at, words] = [this.x(value), write(value)];
      const room = words.length * ROOM;
      marks.push(draw("line", { class: "tick", x1: at, x2: at, y1: H - BOTTOM, y2: H - BOTTOM + 4 }));
      if (at - room / 2 < free) continue;
      marks.push(draw("text", { x: at, y: H - BOTTOM + 18, "text-anchor": "middle" }, words));
      free = at + room / 2 + 4;
    }
    marks.push(
      draw("text", { class: "axis", x: across, y: H - 6, "text-anchor": "middle" }, this.xAxis.label),
      draw("text", { class: "axis", x: 12, y: middle, "text-anchor": "middle", transform: `rotate(-90 12 ${middle})` }, this.yAxis.label),
    );
    return marks;
  }

  lines() {
    this.clip = draw("rect", { x: 0, y: TOP - 4, width: this.width, height: H });
    const id = `clip-${Math.random().toString(36).slice(2)}`;
    const paths = this.series.map((one, n) => {
      const d = one.points.map(([x, y], i) => `${i ? "L" : "M"}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`).join("");
      return lined(n, { d });
    });
    // Where a line first leaves the drawing an arrow says so.
    const left = this.series.flatMap(({ points }, n) => {
      const gone = points.find(([, y]) => y > this.yAxis.high);
      if (!gone) return [];
      const at = this.x(gone[0]);
      return [draw("path", { class: `arrow arrow-${n}`, d: `M${at - 5} ${TOP + 6}L${at} ${TOP - 4}L${at + 5} ${TOP + 6}Z` })];
    });
    return [draw("defs", {}, draw("clipPath", { id }, this.clip)), draw("g", { "clip-path": `url(#${id})` }, ...paths, ...left)];
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
    return make("span", { class: "key" }, draw("svg", { viewBox: "0 0 32 8", width: 32, height: 8 }, lined(n, { d: "M0 4H32" })), name);
  }

  // Draw as far as this x.
  reveal(x) {
    this.clip.setAttribute("width", String(Math.max(0, this.x(x))));
  }

  // --- reading values off ------------------------------------------------------------

  at(x, points) {
    const next = points.findIndex((point) => point[0] >= x);
    if (next < 0) return undefined;
    if (next === 0 || points[next][0] === x) return points[next][1];
    const [a, b] = [points[next - 1], points[next]];
    return a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
  }

  // A slider along the x axis, moved by hand, by keys or by pointing into the drawing.
  reader() {
    const { low, high, label } = this.xAxis;
    const told = make("output", {});
    const slider = make("input", { type: "range", min: low, max: high, step: (high - low) / 60 || 1, value: high, "aria-label": say("plot_read", { label }) });
    const show = () => {
      const x = Math.round(Number(slider.value) * 100) / 100;
      const values = this.series.map((one) => [one.name, this.at(x, one.points)]).filter(([, value]) => value !== undefined);
      const words = values.map(([name, value]) => `${name} ${write(value)}`).join(", ");
      told.textContent = `${label} ${write(high > 10 ? Math.round(x) : x)}: ${words}`;
      slider.setAttribute("aria-valuetext", told.textContent);
      for (const name of ["x1", "x2"]) this.hair.setAttribute(name, this.x(x));
      this.hair.setAttribute("visibility", "visible");
    };
    slider.addEventListener("input", show);
    slider.addEventListener("focus", show);
    slider.addEventListener("keydown", (event) => event.stopPropagation());
    const point = ({ clientX }) => {
      const box = this.svg.getBoundingClientRect();
      const at = ((clientX - box.left) / box.width) * this.width;
      slider.value = String(low + ((at - LEFT) / (this.width - LEFT - RIGHT)) * (high - low));
      show();
    };
    this.svg.addEventListener("pointermove", point);
    this.svg.addEventListener("pointerdown", point);
    return make("div", { class: "reader" }, slider, told);
  }

  // The values in a table: where the line with the fewest points has one.
  table() {
    const fewest = this.series.reduce((a, b) => (b.points.length < a.points.length ? b : a));
    const names = [this.xAxis.label, ...this.series.map((one) => one.name)];
    const rows = fewest.points.map(([x]) => {
      const cells = this.series.map((one, n) => make("td", { "data-label": names[n + 1] }, write(this.at(x, one.points) ?? NaN)));
      return make("tr", {}, make("th", { scope: "row" }, write(x)), ...cells);
    });
    const head = make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name)));
    return make("details", {}, make("summary", {}, say("plot_table")), make("table", { class: "figures" }, make("thead", {}, head), make("tbody", {}, ...rows)));
  }
}
