// Tutor.Step: a step that the learner has left, in one line that opens to what was asked, answered and said.
import { say } from "../words.js";
import { fresh, make } from "./dom.js";
import { readable } from "../readable.js";

const { AdaptiveCard, CardElement } = window.AdaptiveCards;

export class Step extends CardElement {
  static JsonTypeName = "Tutor.Step";

  getJsonTypeName() {
    return Step.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    Object.assign(this, { title: source.title, done: source.done, result: source.result, card: source.card, said: source.said ?? [] });
  }

  internalRender() {
    const room = make("div", { class: "room", id: fresh("step"), hidden: true });
    const line = make(
      "button",
      { type: "button", class: "line", "aria-expanded": "false", "aria-controls": room.id },
      make("span", { class: "sign", "aria-hidden": "true" }, this.done ? "✔" : "○"),
      make("span", { class: "title" }, this.title),
      this.result ? make("span", { class: "result" }, this.result) : null,
    );
    line.addEventListener("click", (event) => {
      event.stopPropagation();
      room.hidden = !room.hidden;
      line.setAttribute("aria-expanded", String(!room.hidden));
      room.replaceChildren(...(room.hidden ? [] : this.opened()));
    });
    line.addEventListener("keydown", (event) => {
      if (["Enter", " "].includes(event.key)) event.stopPropagation();
    });
    return make("div", { class: "tutor-element left-step" }, line, room);
  }

  // What was said there, to be read: nothing in it can be pressed or changed.
  opened() {
    const asked = { ...this.card, body: this.card.body.filter(({ text }) => text !== this.title) };
    return [this.drawn(asked), ...this.said.map((one) => this.message(one)).filter(Boolean)];
  }

  message({ from, text, attachments }) {
    const content = attachments?.[0]?.content;
    if (content) return this.drawn(content);
    return text ? make("p", {}, make("strong", {}, say(from.role === "user" ? "step_you" : "step_tutor")), " ", text) : null;
  }

  drawn(content) {
    const card = new AdaptiveCard();
    card.hostConfig = this.hostConfig;
    card.parse(readable(content));
    const node = card.render();
    for (const input of node.querySelectorAll("input, select, textarea, .tutor-lists button, .file button")) input.disabled = true;
    for (const handle of node.querySelectorAll(".handle")) handle.replaceWith(handle.textContent);
    return node;
  }
}
