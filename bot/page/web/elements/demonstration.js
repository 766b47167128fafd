// Tutor.Demonstration: a picture that the learner plays, step by step, at a setting of their choice.
import { say } from "../words.js";
import { button, draw, make, still } from "./dom.js";

const [W, H, EDGE] = [320, 220, 12];
const STEP_MS = 600;

const x = (share) => EDGE + share * (W - 2 * EDGE);
const y = (share) => H - EDGE - share * (H - 2 * EDGE);
const path = (points) => points.map(([a, b], n) => `${n ? "L" : "M"}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("");

// What each shape looks like at a step.
const drawings = {
  outline: ({ points }) => [draw("path", { class: "outline", d: path(points) })],
  trail: ({ points, text }, at, n, isBelow) => {
    const shown = points.slice(0, at + 1);
    const [a, b] = shown.at(-1);
    return [draw("path", { class: `line line-${n}`, d: path(shown), "stroke-dasharray": n ? "7 5" : "" }), draw("circle", { class: `dot dot-${n}`, cx: x(a), cy: y(b), r: 5 }), ...(text ? [draw("text", { x: x(a), y: y(b) + (isBelow ? 19 : -9), "text-anchor": a > 0.5 ? "end" : "start" }, text)] : [])];
  },
  box: ({ at: [left, bottom], size: [width, height], text }) => {
    const middle = x(left + width / 2);
    const lines = text.split("\n");
    const words = lines.map((line, n) => draw("text", { x: middle, y: y(bottom + height / 2) + 4 + 15 * (n - (lines.length - 1) / 2), "text-anchor": "middle" }, line));
    return [draw("rect", { class: "box", x: x(left), y: y(bottom + height), width: x(width) - x(0), height: y(0) - y(height), rx: 6 }), ...words];
  },
  arrow: ({ points: [[a, b], [c, d]] }) => {
    const [from, to] = [[x(a), y(b)], [x(c), y(d)]];
    const turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
    const wing = (by) => `${(to[0] - 9 * Math.cos(turn + by)).toFixed(1)} ${(to[1] - 9 * Math.sin(turn + by)).toFixed(1)}`;
    return [draw("path", { class: "arrow", d: `M${from.join(" ")}L${to.join(" ")}M${wing(0.5)}L${to.join(" ")}L${wing(-0.5)}` })];
  },
  cells: ({ at: [left, bottom], size: [width, height], rows, columns, text, look }) => {
    const [x0, y0, x1, y1] = [x(left), y(bottom + height), x(left + width), y(bottom)];
    const across = Array.from({ length: rows + 1 }, (_, n) => y0 + ((y1 - y0) * n) / rows).map((at) => `M${x0} ${at}H${x1}`);
    const down = Array.from({ length: columns + 1 }, (_, n) => x0 + ((x1 - x0) * n) / columns).map((at) => `M${at} ${y0}V${y1}`);
    const label = text ? [draw("text", { x: (x0 + x1) / 2, y: y1 + 16, "text-anchor": "middle" }, text)] : [];
    return [draw("rect", { class: `cells ${look}`, x: x0, y: y0, width: x1 - x0, height: y1 - y0 }), draw("path", { class: "lattice", d: [...across, ...down].join("") }), ...label];
  },
};

export class Demonstration extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Demonstration";

  getJsonTypeName() {
    return Demonstration.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.source = source;
  }

  internalRender() {
    const { title, setting, takes, xLabel, yLabel } = this.source;
    this.take = takes[0];
    this.svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, role: "img" });
    this.caption = make("p", { class: "caption", role: "status" });
    this.told = make("p", { class: "verdict" });
    this.run = still() ? null : button(say("demonstration_play"), say("demonstration_play"), () => this.toggle(), "strong");
    this.one = button(say("demonstration_step"), say("demonstration_step"), () => this.by(1));
    this.reset = button(say("demonstration_reset"), say("demonstration_reset"), () => this.go(0));
    const axes = [yLabel && `↑ ${yLabel}`, xLabel && `→ ${xLabel}`].filter(Boolean).join("  ");
    const parts = [this.svg, axes ? make("p", { class: "axes" }, axes) : null, this.caption, make("div", { class: "row" }, this.run, this.one, this.reset), this.told];
    if (takes.length > 1) parts.splice(0, 0, this.settings(setting, takes));
    this.go(still() ? this.last : 0);
    return make("div", { class: "tutor-element demonstration", role: "group", "aria-label": title }, make("p", { class: "title" }, title), ...parts);
  }

  settings(setting, takes) {
    if (takes.length === 2) return this.pair(setting, takes);
    const shown = make("output", {}, takes[0].name);
    const slider = make("input", { type: "range", min: 0, max: takes.length - 1, step: 1, value: 0, "aria-label": setting, "aria-valuetext": takes[0].name });
    slider.addEventListener("input", () => {
      const { name } = takes[Number(slider.value)];
      shown.textContent = name;
      slider.setAttribute("aria-valuetext", name);
      this.choose(takes[Number(slider.value)]);
    });
    slider.addEventListener("keydown", (event) => event.stopPropagation());
    return make("label", { class: "setting" }, `${setting}: `, shown, slider);
  }

  pair(setting, takes) {
    const ways = takes.map((take) => button(take.name, `${setting}: ${take.name}`, () => choose(take)));
    const choose = (chosen) => {
      ways.forEach((way, n) => way.setAttribute("aria-pressed", String(takes[n] === chosen)));
      this.choose(chosen);
    };
    ways.forEach((way, n) => way.setAttribute("aria-pressed", String(n === 0)));
    return make("div", { class: "row ways" }, `${setting}: `, ...ways);
  }

  choose(take) {
    this.take = take;
    this.go(still() ? this.last : 0);
    if (!still()) this.play();
  }

  get last() {
    return this.take.steps.length - 1;
  }

  toggle() {
    if (this.timer) return this.stop();
    if (this.at === this.last) this.go(0);
    this.play();
  }

  play() {
    this.stop();
    this.timer = setInterval(() => (this.svg.isConnected && this.at < this.last ? this.show(this.at + 1) : this.stop()), STEP_MS);
    this.name("demonstration_pause");
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.name("demonstration_play");
  }

  name(words) {
    if (!this.run) return;
    this.run.textContent = say(words);
    this.run.setAttribute("aria-label", say(words));
  }

  by(step) {
    this.go(this.at < this.last ? this.at + step : 0);
  }

  go(at) {
    this.stop();
    this.show(at);
  }

  show(at) {
    this.at = at;
    let trails = 0;
    const seen = this.take.shapes.filter(({ since, until }) => since <= at && (until === undefined || until === null || at < until));
    // Of two lines, the first is named below, so that their names never lie on each other.
    const isBelow = () => trails === 1 && seen.filter(({ kind, text }) => kind === "trail" && text).length > 1;
    const drawn = (shape) => drawings[shape.kind](shape, at, shape.kind === "trail" ? trails++ : 0, shape.kind === "trail" && isBelow());
    this.svg.replaceChildren(...seen.flatMap(drawn));
    this.svg.setAttribute("aria-label", this.take.steps[at]);
    this.caption.textContent = this.take.steps[at];
    this.told.textContent = at === this.last ? this.take.told : "";
  }
}
