// Tutor.Screen: a portal's page that is looked over and filled in; the card's main button stands in it.
import { say } from "../words.js";
import { button, fresh, make, still } from "./dom.js";

const UPLOAD_MS = 900;
const GAP = 6; // pixels between a mark and its note
// What was opened and uploaded on a screen stays so while its card is drawn anew.
const known = new Map();

export class Screen extends window.AdaptiveCards.CardElement {
  static JsonTypeName = "Tutor.Screen";

  getJsonTypeName() {
    return Screen.JsonTypeName;
  }

  internalParse(source, context) {
    super.internalParse(source, context);
    const element = (one) => (one ? context.parseElement(this, one, [], false) : null);
    // The page leads to the feedback, which stands inside.
    this.isNews = this.id === "news";
    if (this.isNews) this.id = undefined;
    this.says = source.says;
    this.path = source.path ?? [];
    this.places = source.places ?? [];
    this.picture = element(source.picture);
    this.parts = (source.parts ?? []).map((part) => ({ ...part, input: element(part.input), shows: (part.shows ?? []).map(element) }));
    this.action = source.action ? context.parseAction(this, source.action, [], false) : null;
    this.notes = new Notes(this);
  }

  get isInteractive() {
    return true;
  }

  getAllInputs(processActions = true) {
    const inputs = this.parts.flatMap((part) => part.input?.getAllInputs(processActions) ?? []);
    return this.action ? [...inputs, this.notes] : inputs;
  }

  getActionCount() {
    return this.action ? 1 : 0;
  }

  getActionAt(index) {
    return index ? undefined : this.action;
  }

  get state() {
    const key = [...this.path, ...this.parts.map((part) => part.label)].join("|");
    if (!known.has(key)) known.set(key, { read: new Set(), uploaded: false, tab: null });
    return known.get(key);
  }

  internalRender() {
    const id = fresh("screen");
    const heading = make("h3", { id }, this.path.at(-1));
    const crumbs = this.path.map((part, n) => make("li", n === this.path.length - 1 ? { "aria-current": "page" } : {}, part));
    const elsewhere = make("div", { class: "elsewhere", role: "status" });
    const page = make(
      "div",
      { class: "page" },
      make("ol", { class: "crumbs", "aria-label": say("screen_path") }, ...crumbs),
      heading,
      this.picture?.render() ?? null,
      ...this.tabbed(),
      this.action ? make("div", { class: "end" }, this.submit()) : null,
    );
    const bar = make("p", { class: "says" }, this.says);
    const beside = this.places.length ? this.navigation(page, elsewhere) : null;
    if (this.isNews) (page.querySelector(".said.warning") ?? page.querySelector(".said"))?.setAttribute("id", "news");
    return make("div", { class: "tutor-element screen", role: "group", "aria-labelledby": id }, bar, make("div", { class: "window" }, beside, page, elsewhere));
  }

  // The portal's pages: this one, and others of which it is said that they belong to other steps.
  navigation(page, elsewhere) {
    const home = this.places.find((place) => this.path.includes(place)) ?? this.path.at(-1);
    const places = this.places.map((place) => button(place, place, () => open(place), "place"));
    const open = (place) => {
      const isHome = place === home;
      page.hidden = !isHome;
      for (const one of places) {
        if (one.textContent === place) one.setAttribute("aria-current", "page");
        else one.removeAttribute("aria-current");
      }
      const back = button(say("screen_return", { place: home }), say("screen_return", { place: home }), () => {
        open(home);
        places.find(({ textContent }) => textContent === home)?.focus();
      }, "strong");
      elsewhere.replaceChildren(...(isHome ? [] : [make("p", {}, say("screen_elsewhere", { place, home })), back]));
    };
    open(home);
    return make("ul", { class: "places", "aria-label": say("screen_places") }, ...places.map((one) => make("li", {}, one)));
  }

  submit() {
    this.action.render();
    const made = this.action.renderedElement;
    made.classList.add("style-positive");
    // What is handed in without the file says so, and leads to it.
    made.addEventListener("click", (event) => this.misses(event), true);
    made.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && this.misses(event), true);
    return made;
  }

  // Parts one after the other; those of tabs behind their tabs.
  tabbed() {
    const names = [...new Set(this.parts.map((part) => part.tab).filter(Boolean))];
    const made = this.parts.map((part) => [part, this.part(part)]);
    if (!names.length) return made.map(([, node]) => node);
    const panels = names.map((name) => make("div", { id: fresh("panel"), role: "tabpanel", class: "panel" }, ...made.filter(([part]) => part.tab === name).map(([, node]) => node)));
    const asks = names.map((name) => this.parts.some((part) => part.tab === name && part.input));
    const tabs = names.map((name, n) => {
      const tab = button(asks[n] ? `${name} ●` : name, asks[n] ? say("screen_tab_asks", { tab: name }) : name, () => open(n), "tab");
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panels[n].id);
      tab.id = fresh("tab");
      panels[n].setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("keydown", (event) => {
        const to = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: names.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        open((to + names.length) % names.length);
        tabs[(to + names.length) % names.length].focus();
      });
      return tab;
    });
    const open = (at) => {
      this.state.tab = names[at];
      for (const [n, tab] of tabs.entries()) {
        tab.setAttribute("aria-selected", String(n === at));
        tab.tabIndex = n === at ? 0 : -1;
        panels[n].hidden = n !== at;
      }
    };
    const told = names.findIndex((name) => this.parts.some((part) => part.tab === name && part.said.length));
    open(told >= 0 ? told : Math.max(0, names.indexOf(this.state.tab)));
    return [make("div", { role: "tablist", class: "tabs" }, ...tabs), ...panels, ...made.filter(([part]) => !part.tab).map(([, node]) => node)];
  }

  part(part) {
    const { label, value, note, said, input, shows, file } = part;
    const isEntry = input?.label === label;
    // A chart has its own title, which may be the label.
    const titled = shows.some((one) => one.title === label);
    const head = make("div", { class: "head" }, titled ? null : make("span", { class: "label" }, label), note ? this.mark(label, note) : null);
    const held = value ? make("p", { class: "value" }, value) : null;
    const below = [held, ...shows.map((one) => one.render())];
    const feedback = said.map(({ mark, tone, title, text }) => make("p", { class: `said ${tone}` }, make("strong", {}, `${mark} ${title}`), ` ${text}`));
    const body = file ? this.upload(label, below) : below;
    const kind = isEntry ? "entry" : input ? "asks" : "";
    return make("div", { class: `part ${kind}`, role: "group", "aria-label": label }, head, ...body, input ? this.field(input, isEntry) : null, ...feedback);
  }

  // What is entered is named by its part alone; a question stands above its options.
  field(input, isEntry) {
    const name = input.label;
    if (isEntry) input.label = undefined;
    if (input.choices) input.placeholder = say("screen_choose");
    const node = input.render();
    if (isEntry) node.querySelector("input").setAttribute("aria-label", name);
    return node;
  }

  misses(event) {
    if (!this.start?.isConnected) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.asked.hidden = false;
    this.start.scrollIntoView({ block: "center" });
    this.start.focus({ preventScroll: true });
  }

  // The learner's own file: it is there, and its first lines with it, once it was uploaded.
  upload(label, below) {
    const place = make("div", { class: "file-place" });
    const done = () => {
      this.state.uploaded = true;
      place.replaceChildren(...below.filter(Boolean));
      for (const lines of place.querySelectorAll(".ac-richTextBlock")) lines.tabIndex = 0; // they scroll
    };
    if (this.state.uploaded || !this.action) {
      done();
      return [place];
    }
    const status = make("p", { class: "tutor-live", role: "status" });
    const start = button(say("screen_upload"), say("screen_upload_what", { label }), () => {
      const bar = make("progress", { "aria-label": say("screen_upload_what", { label }) });
      place.replaceChildren(bar);
      setTimeout(() => {
        done();
        status.textContent = say("screen_uploaded", { label });
        place.tabIndex = -1;
        place.focus({ preventScroll: true });
      }, still() ? 0 : UPLOAD_MS);
    }, "strong");
    this.start = start;
    this.asked = make("p", { class: "said warning", role: "alert", hidden: true }, say("screen_upload_first"));
    place.append(start, this.asked);
    return [place, status];
  }

  // A numbered mark. Its note opens above everything, and Escape gives the focus back.
  mark(label, { number, text }) {
    const id = fresh("note");
    const open = make("button", { type: "button", class: "mark", popovertarget: id, "aria-label": say("screen_mark", { number, label }), "aria-expanded": "false" }, String(number));
    const close = make("button", { type: "button", class: "tutor-button close", popovertarget: id, popovertargetaction: "hide", "aria-label": say("screen_mark_close") }, "✕");
    const note = make("div", { id, popover: "auto", class: "tutor-element screen-note", role: "note" }, make("p", {}, text), close);
    const away = () => note.matches(":popover-open") && note.hidePopover();
    for (const one of [open, close]) one.addEventListener("click", (event) => event.stopPropagation());
    for (const one of [open, note]) {
      one.addEventListener("keydown", (event) => {
        if (["Enter", " "].includes(event.key)) event.stopPropagation();
        if (event.key !== "Escape" || !note.matches(":popover-open")) return;
        event.stopPropagation();
        event.preventDefault();
        away();
        open.focus();
      });
    }
    note.addEventListener("toggle", ({ newState }) => {
      const opens = newState === "open";
      open.setAttribute("aria-expanded", String(opens));
      if (!opens) {
        removeEventListener("scroll", away, true);
        return;
      }
      this.state.read.add(number);
      beside(note, open);
      addEventListener("scroll", away, true);
    });
    if (this.state.read.has(number)) open.classList.add("read");
    return make("span", {}, open, note);
  }
}

// The numbers of the notes that were opened, as an input that nobody sees.
class Notes extends window.AdaptiveCards.Input {
  constructor(screen) {
    super();
    this.screen = screen;
    this.id = "notes";
    this.setParent(screen);
  }

  getJsonTypeName() {
    return "Tutor.Notes";
  }

  get value() {
    return [...this.screen.state.read].join(",");
  }

  isSet() {
    return true;
  }

  isValid() {
    return true;
  }

  validateValue() {
    return true;
  }

  isDirty() {
    return false;
  }

  resetDirtyState() {}

  resetValue() {}

  internalRender() {
    return undefined;
  }
}

// Below the mark, or above it where there is no room; within the window at either side.
function beside(note, mark) {
  const at = mark.getBoundingClientRect();
  const { width, height } = note.getBoundingClientRect();
  const below = at.bottom + GAP;
  note.style.insetBlockStart = `${below + height > innerHeight ? Math.max(GAP, at.top - GAP - height) : below}px`;
  note.style.insetInlineStart = `${Math.max(GAP, Math.min(at.left - GAP, innerWidth - width - GAP))}px`;
}
