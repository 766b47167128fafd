// Above the chat: where the learner is, the lesson's steps to go back to, and what else can be done.
import { make } from "./elements/dom.js";
import { say } from "./words.js";

const byId = (id) => document.getElementById(id);
const SIGNS = { here: "▶", done: "✔", open: "○", ahead: "○" };
const STATES = { here: "header_here", done: "header_done", open: "header_open", ahead: "header_ahead" };

// The bar says what the newest step says; on the start screen there is none.
export function stand({ bar }) {
  byId("where").hidden = !bar;
  if (!bar) return;
  byId("where-text").textContent = bar.label;
  const track = byId("track");
  const told = { "aria-label": bar.label, "aria-valuemax": bar.of, "aria-valuenow": bar.value, "aria-valuetext": bar.label };
  for (const [name, value] of Object.entries(told)) track.setAttribute(name, value);
  track.replaceChildren(
    ...bar.parts.map(({ title, state, share }) => {
      const fill = make("span", { class: "fill" });
      fill.style.setProperty("inline-size", `${Math.round(100 * share)}%`);
      return make("span", { class: `part ${state}`, title }, fill);
    }),
  );
}

export function name() {
  byId("steps-open").textContent = say("header_steps");
  byId("menu-open").textContent = say("header_menu");
  byId("steps").setAttribute("aria-label", say("header_steps"));
  byId("menu").setAttribute("aria-label", say("header_menu"));
}

// Each sheet is filled when it is opened: `ask` brings what can be done now, `press` and `speak` do it for the learner.
// It is empty until then: what was there the last time may be over, and would go from under the keyboard's focus.
export function prepare({ ask, press, speak }) {
  fill(byId("steps"), async () => steps(await ask(), press));
  fill(byId("menu"), async () => commands(await ask(), speak));
  for (const one of document.querySelectorAll(".sheet")) {
    one.addEventListener("click", ({ target }) => target.closest("button") && one.hidePopover());
  }
}

function fill(sheet, make) {
  sheet.addEventListener("beforetoggle", async ({ newState }) => {
    const filled = sheet.querySelector(".filled");
    if (newState !== "open") return filled.replaceChildren();
    const header = document.querySelector("header").getBoundingClientRect();
    sheet.style.setProperty("--top", `${header.bottom}px`);
    filled.replaceChildren(...(await make().catch(() => [])));
    sheet.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  });
}

function steps({ chapters }, press) {
  return chapters.flatMap(({ title, steps }) => [
    title ? make("h2", {}, title) : null,
    make("ol", {}, ...steps.map((step) => make("li", {}, entry(step, press)))),
  ]).filter(Boolean);
}

function entry({ title, state, press: value }, press) {
  const sign = make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[state]);
  const told = make("span", { class: "tutor-live" }, `, ${say(STATES[state])}`);
  const attributes = { type: "button", class: state, "aria-current": state === "here" ? "step" : false, disabled: !value, onclick: () => press(value) };
  return make("button", attributes, sign, make("span", {}, title, told));
}

function commands({ commands }, speak) {
  return commands.map(({ title, says }) => make("button", { type: "button", onclick: () => speak(says) }, title));
}
