// Tutor.Pick and Tutor.Order: things moved between two lists, by mouse, touch and keyboard.
import { say } from "../words.js";
import { button, fresh, make, still } from "./dom.js";

const { Input } = window.AdaptiveCards;

class Lists extends Input {
  internalParse(source, context) {
    super.internalParse(source, context);
    this.sourceTitle = source.source;
    this.targetTitle = source.target;
    this.items = Array.isArray(source.items) ? source.items : [];
    this.opened = new Set();
    const known = new Set(this.items.map((item) => item.id));
    this.chosen = String(source.value ?? "").split(",").filter((id) => known.has(id));
    this.id = source.id;
    // The label names the group; the renderer needn't write it a second time.
    this.name = source.label;
    this.label = undefined;
  }

  isSet() {
    return this.chosen.length > 0;
  }

  get value() {
    return this.chosen.join(",");
  }

  get isInteractive() {
    return true;
  }

  focus() {
    this.sourceList?.querySelector("button")?.focus();
  }

  resetDirtyState() {}

  isValid() {
    return true;
  }

  resetValue() {}

  isDirty() {
    return false;
  }

  get ordered() {
    return false;
  }

  internalRender() {
    const labels = [fresh("list"), fresh("list")];
    this.live = make("div", { class: "tutor-live", "aria-live": "polite" });
    this.sourceList = make("ul", { class: "tutor-list", "aria-labelledby": labels[0] });
    this.targetList = make(this.ordered ? "ol" : "ul", { class: "tutor-list target", "aria-labelledby": labels[1] });
    this.targetCount = make("span", { class: "count", "aria-hidden": "true" });
    this.room = make(
      "div",
      { class: "tutor-lists" },
      make("section", {}, make("h3", { id: labels[0] }, this.sourceTitle), this.sourceList),
      make("section", {}, make("h3", { id: labels[1] }, this.targetTitle, " ", this.targetCount), this.targetList),
    );
    this.fill();
    this.makeDraggable();
    return make("div", { class: `tutor-element ${this.ordered ? "order" : "pick"}`, role: "group", "aria-label": this.name ?? this.targetTitle }, this.room, this.live);
  }

  makeDraggable() {
    const group = fresh("group");
    for (const list of [this.sourceList, this.targetList]) {
      window.Sortable.create(list, {
        group,
        animation: still() ? 0 : 150,
        filter: "button, .empty",
        preventOnFilter: false,
        draggable: ".tutor-item",
        delay: 120,
        delayOnTouchOnly: true,
        onEnd: (event) => this.dragged(event.item.dataset.id),
      });
    }
  }

  // The lists' order on the screen is the truth after a drag.
  dragged(id) {
    const before = this.value;
    this.chosen = [...this.targetList.querySelectorAll(".tutor-item")].map((node) => node.dataset.id);
    this.lifted = null;
    this.changed();
    if (before !== this.value) this.announce(id);
  }

  item(id) {
    return this.items.find((item) => item.id === id);
  }

  nameOf(item) {
    return item.text;
  }

  fill() {
    const rest = this.items.filter((item) => !this.chosen.includes(item.id));
    this.sourceList.replaceChildren(...rest.map((item) => this.row(item)));
    if (!rest.length) this.sourceList.append(make("li", { class: "empty" }, say("all_moved")));
    this.targetList.replaceChildren(...this.chosen.map((id) => this.row(this.item(id))));
    if (!this.chosen.length) {
      this.targetList.append(make("li", { class: "empty" }, say(this.ordered ? "order_empty" : "pick_empty")));
    }
    this.targetCount.textContent = `(${this.chosen.length})`;
  }

  // What was judged is another order by now.
  changed() {
    this.room.style.minBlockSize = `${this.room.offsetHeight}px`; // what is below stays where it is
    for (const item of this.items) item.mark = undefined;
    this.fill();
    this.valueChanged();
  }

  row(item) {
    const inside = this.chosen.includes(item.id);
    const name = this.nameOf(item);
    const tools = make("span", { class: "tools" });
    if (inside && this.ordered) {
      tools.append(
        button("↑", say("order_up", { item: name }), () => this.shift(item.id, -1), "icon up"),
        button("↓", say("order_down", { item: name }), () => this.shift(item.id, 1), "icon down"),
      );
    }
    tools.append(
      inside
        ? button(say("pick_remove_short"), say("pick_remove", { item: name, list: this.targetTitle }), () => this.move(item.id), "quiet move")
        : button(say("pick_add_short"), say("pick_add", { item: name, list: this.targetTitle }), () => this.move(item.id), "quiet move"),
    );
    const text = make("div", { class: "text" });
    // The number is what one types for it, wherever it is moved to.
    text.append(make("span", {}, `${item.number} · ${item.text}`));
    if (item.more) this.fold(item, text, tools);
    if (item.mark && inside) {
      const right = item.mark === "right";
      text.append(make("span", { class: `mark ${item.mark}` }, `${right ? "✓" : "✗"} ${say(right ? "order_right" : "order_wrong")}`));
    }
    const grip = inside && this.ordered ? this.handle(item) : make("span", { class: "grip", "aria-hidden": "true" }, "⠿");
    const row = make("li", { class: `tutor-item${item.more ? " folds" : ""}`, "data-id": item.id }, grip, text, tools);
    row.addEventListener("keydown", (event) => this.key(event, item.id, inside));
    return row;
  }

  // What more there is to an item is opened by its own button, and stays open wherever it is moved to.
  fold(item, text, tools) {
    const more = make("span", { class: "more", id: fresh("more") }, item.more);
    const toggle = button(say("pick_open_short"), say("pick_open", { item: this.nameOf(item) }), () => {
      this.opened.has(item.id) ? this.opened.delete(item.id) : this.opened.add(item.id);
      update();
    }, "quiet fold");
    const update = () => {
      more.hidden = !this.opened.has(item.id);
      toggle.setAttribute("aria-expanded", String(!more.hidden));
    };
    toggle.setAttribute("aria-controls", more.id);
    update();
    text.append(more);
    tools.prepend(toggle);
  }

  // The number of a placed item: Enter lifts it, arrows carry it, Enter puts it down, Escape puts it back.
  // It is no <button>, because some browsers start no drag from one.
  handle(item) {
    const lifted = this.lifted?.id === item.id;
    const grip = make("span", { class: "grip handle", role: "button", tabindex: "0", "aria-pressed": String(lifted), "aria-label": say("order_move", { item: this.nameOf(item), place: this.chosen.indexOf(item.id) + 1 }) }, String(this.chosen.indexOf(item.id) + 1));
    grip.addEventListener("keydown", (event) => {
      const held = this.lifted?.id === item.id;
      if (event.key === "Enter" || event.key === " ") held ? this.drop() : this.lift(item.id);
      else if (event.key === "Escape" && held) this.putBack();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    // Whoever leaves has put it down. While the rows are drawn anew the focus is away for a moment.
    grip.addEventListener("blur", () => setTimeout(() => {
      if (this.lifted?.id === item.id && document.activeElement !== this.handleOf(item.id)) this.drop();
    }));
    return grip;
  }

  handleOf(id) {
    return this.targetList.querySelector(`[data-id="${CSS.escape(id)}"] .handle`);
  }

  lift(id) {
    this.lifted = { id, order: this.chosen };
    this.handleOf(id).setAttribute("aria-pressed", "true");
    this.live.textContent = say("order_lifted", { item: this.nameOf(this.item(id)) });
  }

  drop() {
    const { id } = this.lifted;
    this.lifted = null;
    this.handleOf(id)?.setAttribute("aria-pressed", "false");
    if (this.chosen.includes(id)) this.announce(id);
  }

  putBack() {
    const { id, order } = this.lifted;
    this.lifted = null;
    this.chosen = order;
    this.changed();
    this.handleOf(id)?.focus();
    this.announce(id);
  }

  key(event, id, inside) {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (way && this.lifted?.id === id) {
      this.shift(id, way);
      this.handleOf(id).focus();
    } else if (way) {
      const rows = [...event.currentTarget.parentElement.querySelectorAll(".tutor-item")];
      rows[rows.indexOf(event.currentTarget) + way]?.querySelector(".move")?.focus();
    } else if (event.key === (inside ? "ArrowLeft" : "ArrowRight")) this.move(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(id) {
    const inside = this.chosen.includes(id);
    const list = inside ? this.targetList : this.sourceList;
    const place = [...list.querySelectorAll(".tutor-item")].findIndex((node) => node.dataset.id === id);
    this.lifted = null;
    this.chosen = inside ? this.chosen.filter((one) => one !== id) : [...this.chosen, id];
    this.changed();
    if (!inside) this.targetList.scrollTop = this.targetList.scrollHeight;
    this.announce(id);
    // The next thing of the same list is where one goes on.
    const rows = list.querySelectorAll(".tutor-item");
    const next = rows[Math.min(place, rows.length - 1)] ?? (inside ? this.sourceList : this.targetList).querySelector(".tutor-item");
    next?.querySelector(".move")?.focus();
  }

  shift(id, by) {
    const from = this.chosen.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= this.chosen.length) return;
    const order = [...this.chosen];
    order.splice(to, 0, ...order.splice(from, 1));
    this.chosen = order;
    this.changed();
    this.announce(id);
    this.targetList.querySelector(`[data-id="${CSS.escape(id)}"] .${by < 0 ? "up" : "down"}`)?.focus();
  }

  announce(id) {
    const item = this.nameOf(this.item(id));
    const inside = this.chosen.includes(id);
    if (this.ordered) {
      const place = this.chosen.indexOf(id) + 1;
      this.live.textContent = inside
        ? say("order_added", { item, place, of: this.chosen.length })
        : say("order_removed", { item, list: this.sourceTitle });
    } else {
      const list = inside ? this.targetTitle : this.sourceTitle;
      const count = inside ? this.chosen.length : this.items.length - this.chosen.length;
      this.live.textContent = say("pick_moved", { item, list, count });
    }
  }
}

export class Pick extends Lists {
  static JsonTypeName = "Tutor.Pick";

  getJsonTypeName() {
    return Pick.JsonTypeName;
  }
}

export class Order extends Lists {
  static JsonTypeName = "Tutor.Order";

  getJsonTypeName() {
    return Order.JsonTypeName;
  }

  get ordered() {
    return true;
  }
}

