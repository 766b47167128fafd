// Small building blocks of the elements.

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const NS = "http://www.w3.org/2000/svg";

export function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// A button of an element: it never submits the card, and its keys stay its own.
export function button(text, label, press, kind = "quiet") {
  const node = make("button", { type: "button", class: `tutor-button ${kind}`, "aria-label": label }, text);
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    event.preventDefault();
    press(event);
  });
  node.addEventListener("keydown", (event) => {
    if (["Enter", " "].includes(event.key)) event.stopPropagation();
  });
  return node;
}

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

let count = 0;
export const fresh = (name) => `tutor-${name}-${++count}`;
