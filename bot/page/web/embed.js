// The tutor on somebody else's page: a button that opens the chat, or the chat in an element of the page.
//   <script src="https://tutor.example/embed.js" data-event="Spring school" defer></script>
//   data-target="#place" puts the chat into that element; data-label is the button's text.
(() => {
  "use strict";
  const SLOW_MS = 15000; // after which the chat is taken to be blocked
  const NARROW = "(max-width: 480px), (max-height: 480px)"; // where the panel takes the whole screen
  const languages = "{{words}}";
  const spoken = [document.documentElement.lang, ...navigator.languages].map((one) => one.split("-")[0]);
  const words = languages[spoken.find((one) => one in languages) ?? "en"];
  const tag = document.currentScript ?? document.querySelector('script[src*="/embed.js"]');
  const tutor = new URL(tag.src).origin;
  const { event = "", target = "", label = words.embed_open } = tag.dataset;

  const style = `
{{themes}}
:host { all: initial; font: 400 14px/20px var(--fontFamilyBase); color: var(--colorNeutralForeground1); }
:focus-visible { outline: 2px solid var(--colorStrokeFocus2); outline-offset: 2px; }
button { font: inherit; cursor: pointer; box-sizing: border-box; }
iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; background: var(--colorNeutralBackground2); }
.inline { position: relative; box-sizing: border-box; block-size: 100%; min-block-size: 560px; border: 1px solid var(--colorNeutralStroke2); border-radius: 8px; overflow: hidden; }
.inline iframe { position: absolute; inset: 0; }
.open { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; display: flex; align-items: center; gap: 10px; min-block-size: 48px; padding: 10px 20px 10px 16px; border: 1px solid transparent; border-radius: 24px; background: var(--colorBrandBackground); color: var(--colorNeutralForegroundOnBrand); font-weight: 600; box-shadow: var(--shadow16); }
.open:hover { background: var(--colorBrandBackgroundHover); }
.open svg { inline-size: 22px; block-size: 22px; fill: currentColor; }
dialog { position: fixed; inset: auto 20px 84px auto; z-index: 2147483001; box-sizing: border-box; inline-size: min(440px, calc(100vw - 40px)); block-size: min(720px, calc(100vh - 108px)); max-inline-size: none; max-block-size: none; margin: 0; padding: 0; overflow: hidden; border: 1px solid var(--colorNeutralStroke2); border-radius: 12px; background: var(--colorNeutralBackground2); color: inherit; box-shadow: var(--shadow28); }
.close { position: absolute; inset-block-start: 6px; inset-inline-end: 8px; inline-size: 36px; block-size: 36px; display: grid; place-items: center; padding: 0; border: 0; border-radius: 4px; background: transparent; color: var(--colorNeutralForeground1); }
.close:hover { background: var(--colorNeutralBackground1Hover); }
.close svg { inline-size: 16px; block-size: 16px; stroke: currentColor; stroke-width: 2; stroke-linecap: round; }
.blocked { padding: 56px 24px 24px; margin: 0; }
a { color: var(--colorBrandForegroundLink); }
@media ${NARROW} {
  dialog { inset: 0; inline-size: 100vw; block-size: 100vh; block-size: 100dvh; border: 0; border-radius: 0; }
}
@media (forced-colors: active) { .open, .close { border: 1px solid ButtonText; } }
@media print { .open, dialog { display: none; } }
`;

  function make(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function drawing(size, path) {
    const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  // A room of its own in the page, which no style of the page reaches.
  function room(place) {
    const host = make("div", { "data-tutor": "" });
    const inside = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    inside.adoptedStyleSheets = [sheet];
    place.append(host);
    return { host, inside };
  }

  // --- who the learner is: kept here, since a frame of another site has no cookies -----

  const key = `tutor ${tutor}`;
  let secret = null;

  function remembered() {
    try {
      return localStorage.getItem(key) ?? secret;
    } catch {
      return secret; // storage is switched off: known until the page is left
    }
  }

  function remember(told) {
    secret = told;
    try {
      localStorage.setItem(key, told);
    } catch {
      // As above.
    }
  }

  // --- the chat ------------------------------------------------------------------------

  // `panel` is what can be closed, where the chat is in one.
  function chat(panel) {
    const address = new URL("/?embed=1", tutor);
    if (event) address.searchParams.set("event", event);
    const frame = make("iframe", { src: address, title: words.title, allow: "clipboard-write" });
    const tell = (message) => frame.contentWindow?.postMessage(message, tutor);
    let slow = null;
    frame.addEventListener("load", () => {
      tell({ tutor: "hello", resume: remembered(), closes: Boolean(panel) });
      if (panel?.open) tell({ tutor: "shown" });
      clearTimeout(slow);
      slow = setTimeout(() => frame.replaceWith(blocked(address)), SLOW_MS);
    });
    addEventListener("message", ({ source, origin, data }) => {
      if (origin !== tutor || source !== frame.contentWindow || !source) return;
      if (data?.tutor === "ready") clearTimeout(slow);
      if (data?.tutor === "keep" && typeof data.resume === "string") remember(data.resume);
      if (data?.tutor === "close") panel?.close();
    });
    return { frame, tell };
  }

  function blocked(address) {
    const elsewhere = new URL(address);
    elsewhere.searchParams.delete("embed");
    const link = make("a", { href: elsewhere, target: "_blank", rel: "noopener" }, words.embed_elsewhere);
    return make("p", { class: "blocked", role: "alert" }, `${words.embed_blocked} `, link);
  }

  function inline(place) {
    const { host, inside } = room(place);
    host.style.cssText = "display: block; block-size: 100%;";
    inside.append(make("div", { class: "inline" }, chat(null).frame));
  }

  function button() {
    const { inside } = room(document.body);
    const bubble = "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8l-5 4.5V17H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm2.5 4.2v1.6h11V7.2zm0 4v1.6h7v-1.6z";
    const opener = make("button", { type: "button", class: "open", "aria-expanded": "false", "aria-controls": "panel" }, drawing(24, bubble), label);
    const closer = make("button", { type: "button", class: "close", "aria-label": words.embed_close }, drawing(16, "M3 3l10 10M13 3L3 13"));
    const panel = make("dialog", { id: "panel", "aria-label": words.title });
    const narrow = matchMedia(NARROW);
    let opened = null;

    function open() {
      if (!opened) {
        opened = chat(panel);
        panel.append(opened.frame, closer);
      }
      if (narrow.matches) panel.showModal();
      else panel.show();
      opener.setAttribute("aria-expanded", "true");
      opened.frame.focus();
      opened.tell({ tutor: "shown" });
    }

    opener.addEventListener("click", () => (panel.open ? panel.close() : open()));
    closer.addEventListener("click", () => panel.close());
    panel.addEventListener("close", () => {
      if (panel.open) return; // it only changed its size
      opener.setAttribute("aria-expanded", "false");
      opener.focus();
    });
    inside.addEventListener("keydown", ({ key: pressed }) => {
      if (pressed === "Escape" && panel.open) panel.close();
    });
    narrow.addEventListener("change", () => {
      if (!panel.open) return;
      panel.close();
      open();
    });
    inside.append(opener, panel);
  }

  function start() {
    const place = target && document.querySelector(target);
    if (target && !place) console.error(`embed.js: data-target="${target}" is not in the page; a button is shown instead.`);
    if (place) inline(place);
    else button();
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
