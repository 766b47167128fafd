// Tutor.File: a file of the learner's own is dropped or chosen, and sent to be checked.
import { say } from "../words.js";
import { button, fresh, make } from "./dom.js";

const LARGEST = 1048576; // bytes
const MB = 1048576;
const KINDS = ".jsonl,.csv,.json,.ndjson,.tsv,.txt";
// What was said last of a file, and the field that shows it, by where the file is sent: a report below
// draws the card anew, often before the word comes that the file is checked.
const [heard, fields] = [new Map(), new Map()];

export class File extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.File";

  getJsonTypeName() {
    return File.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    this.label = source.label;
    this.about = source.about;
    this.url = source.url;
    this.past = source.past;
  }

  internalRender() {
    const [id, about, title, choose] = ["file", "about", "title", "choose"].map(fresh);
    // The browser's own button speaks the browser's language, so it is hidden behind a label.
    this.input = make("input", { id, type: "file", accept: KINDS, class: "tutor-live", "aria-labelledby": `${title} ${choose}`, "aria-describedby": about });
    this.input.addEventListener("change", () => this.bring(this.input.files));
    // Enter and Space open the choice of files; they must not send the card.
    this.input.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && event.stopPropagation());
    this.bar = make("progress", { max: 1, hidden: true, "aria-label": say("file_progress") });
    this.told = make("p", { class: "said", role: "status", "aria-live": "polite" });
    if (this.past) this.told.textContent = heard.get(this.url) ?? "";
    fields.set(this.url, this);
    this.asked = make("div", { class: "asked" });
    const zone = make("div", { class: "zone" }, this.input, make("label", { id: choose, for: id, class: "tutor-button" }, say("file_choose")), make("span", { "aria-hidden": "true" }, say("file_drop")));
    const over = (event, on) => {
      event.preventDefault();
      event.stopPropagation();
      zone.classList.toggle("over", on);
    };
    zone.addEventListener("dragover", (event) => over(event, true));
    zone.addEventListener("dragleave", (event) => over(event, false));
    zone.addEventListener("drop", (event) => {
      over(event, false);
      this.bring(event.dataTransfer.files);
    });
    return make("div", { class: "tutor-element file" }, make("p", { id: title, class: "title" }, this.label), make("p", { id: about, class: "about" }, this.about), zone, this.bar, this.told, this.asked);
  }

  get isInteractive() {
    return true;
  }

  bring(files) {
    if (!files.length || this.input.disabled) return;
    this.asked.replaceChildren();
    const [file] = files;
    if (files.length > 1) this.say(say("file_many"));
    else if (file.size > LARGEST) this.say(say("file_large", { name: file.name, size: (file.size / MB).toFixed(1) }));
    else this.send(file, "ask");
  }

  say(text) {
    heard.set(this.url, text);
    for (const field of [this, fields.get(this.url)]) field.told.textContent = text;
  }

  busy(on) {
    this.bar.hidden = !on;
    this.input.disabled = on;
  }

  // A request of the old kind: it alone tells how much has been sent.
  send(file, convert) {
    const { name } = file;
    const request = new XMLHttpRequest();
    request.open("POST", `${this.url}?${new URLSearchParams({ name, convert })}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    this.busy(true);
    this.bar.value = 0;
    this.say(say("file_sending", { name }));
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      this.bar.value = total ? loaded / total : 0;
    });
    request.upload.addEventListener("load", () => {
      this.bar.removeAttribute("value"); // how long the check takes isn't known
      this.say(say("file_checking", { name }));
    });
    request.addEventListener("loadend", () => {
      this.busy(false);
      this.input.value = ""; // the same file may be chosen again, when it was mended
      this.answered(file, request.status, told(request));
    });
    request.send(file);
  }

  answered(file, status, { asks, error }) {
    const { name } = file;
    if (status === 200 && asks) this.ask(file, asks);
    else if (status === 200) this.say(say("file_done", { name }));
    else if (status === 413) this.say(say("file_large", { name, size: (file.size / MB).toFixed(1) }));
    else if (status === 429) this.say(say("hasty"));
    else if (status === 409 || status === 422) this.say(error.message);
    else this.say(say("file_failed", { name }));
  }

  // The file can be converted: how, and shall it be?
  ask(file, { text, points, samples, yes, no }) {
    const decide = (convert) => {
      this.asked.replaceChildren();
      this.send(file, convert);
      this.input.focus();
    };
    const first = button(yes, yes, () => decide("yes"), "strong");
    const other = button(no, no, () => decide("no"));
    const shown = samples.flatMap(({ title, text: sample }) => [make("p", { class: "sample" }, title), make("pre", { tabindex: "0" }, sample)]);
    this.say(text);
    this.asked.replaceChildren(make("ul", {}, ...points.map((point) => make("li", {}, point))), ...shown, make("div", { class: "row" }, first, other));
    first.focus();
  }
}

function told(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}
