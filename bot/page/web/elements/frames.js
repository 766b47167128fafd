// Tutor.Frames: a demonstration that the learner steps through; what is new is pointed out.
import { say } from "../words.js";
import { button, make } from "./dom.js";

const pieces = (text) => text.match(/\s+|[\w']+|[^\w\s]+/g) ?? [];

// The pieces of `after` that are not in `before`, by the longest common run of pieces.
export function news(before, after) {
  const [a, b] = [pieces(before), pieces(after)];
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const told = [];
  let i = 0;
  let j = 0;
  while (j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      told.push([b[j++], false]);
      i++;
    } else if (i < a.length && length[i + 1][j] >= length[i][j + 1]) i++;
    else told.push([b[j++], true]);
  }
  return told;
}

export class Frames extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Frames";

  getJsonTypeName() {
    return Frames.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.label = source.label;
    this.frames = source.frames ?? [];
    this.place = 0;
  }

  internalRender() {
    this.caption = make("p", { class: "caption" });
    this.text = make("div", { class: "frame", tabindex: "0" });
    this.where = make("span", { class: "where" });
    this.stage = make("div", { "aria-live": "polite" }, this.caption, this.text);
    this.back = button(say("frames_previous"), say("frames_previous"), () => this.go(-1));
    this.on = button(say("frames_next"), say("frames_next"), () => this.go(1), "strong");
    this.show(null);
    return make("div", { class: "tutor-element frames", role: "group", "aria-label": this.label }, this.stage, make("div", { class: "row" }, this.back, this.where, this.on));
  }

  go(by) {
    const before = this.frames[this.place];
    this.place = Math.min(this.frames.length - 1, Math.max(0, this.place + by));
    this.show(by > 0 ? before : null);
    if (this.on.disabled) this.back.focus(); // a disabled button would lose the focus
    else if (this.back.disabled) this.on.focus();
  }

  show(before) {
    const { caption, text, mono } = this.frames[this.place];
    this.caption.textContent = caption;
    this.text.classList.toggle("mono", Boolean(mono));
    const told = before ? news(before.text, text) : [[text, false]];
    this.text.replaceChildren(...told.map(([part, fresh]) => (fresh && part.trim() ? make("ins", {}, part) : document.createTextNode(part))));
    this.where.textContent = say("frames_place", { number: this.place + 1, of: this.frames.length });
    this.back.disabled = this.place === 0;
    this.on.disabled = this.place === this.frames.length - 1;
  }
}
