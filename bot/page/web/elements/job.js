// Tutor.Job: a training job that goes on by itself until the tutor tells more.
import { make, still } from "./dom.js";
import { Plot } from "./plot.js";

const SIGNS = { done: "✓", here: "▶", ahead: "○" };

export class Job extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Job";

  getJsonTypeName() {
    return Job.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.source = source;
  }

  internalRender() {
    const { title, status, stages, events, chart, share } = this.source;
    const parts = stages.map(({ title: name, state }) => make("li", { class: state, "aria-current": state === "here" && "step" }, `${SIGNS[state]} ${name}`));
    this.fill = make("span", { class: "fill" });
    this.bar = make("div", { class: "track", role: "progressbar", "aria-label": title, "aria-valuemin": 0, "aria-valuemax": 100 }, this.fill);
    this.lines = make("ol", {});
    this.log = make("div", { class: "log", tabindex: "0", role: "log", "aria-label": title }, this.lines);
    const told = status ? make("p", { class: "status", role: "status" }, status) : null;
    const children = [told, make("ol", { class: "stages" }, ...parts), this.bar];
    if (chart) {
      this.plot = new Plot(chart);
      const more = share >= 1 ? [this.plot.reader(), this.plot.table()] : [];
      const cut = chart.cut ? make("p", { class: "cut", "aria-hidden": "true" }, `▲ ${chart.cut}`) : null;
      children.push(make("figure", { class: "curves" }, make("figcaption", {}, chart.title), this.plot.svg, cut, this.plot.legend, ...more));
    }
    if (events.length) children.push(this.log);
    this.move(0);
    requestAnimationFrame(() => this.play());
    return make("div", { class: "tutor-element job" }, ...children);
  }

  play() {
    const { seconds } = this.source;
    if (!seconds || still()) return;
    const begun = performance.now();
    const step = (now) => {
      const passed = (now - begun) / 1000;
      this.move(passed);
      // A newer state of the job takes this one's place.
      if (passed < seconds && this.fill.isConnected) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  // Show the job as it is so many seconds on.
  move(passed) {
    const { share, next, seconds, upto, chart, events } = this.source;
    const part = seconds ? Math.min(1, passed / seconds) : 0;
    const now = share + part * (next - share);
    this.fill.style.setProperty("inline-size", `${100 * now}%`);
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * now)));
    if (chart && share < 1) {
      const last = Math.max(...chart.series.flatMap((one) => one.points.map(([x]) => x)));
      this.plot.reveal(upto + part * (last - upto) + 0.01);
    }
    const happened = events.filter(({ after }) => after <= passed).slice(this.lines.children.length);
    for (const { time, text } of happened) this.lines.append(make("li", {}, make("time", {}, time), text));
    if (happened.length) this.log.scrollTop = this.log.scrollHeight;
  }
}
