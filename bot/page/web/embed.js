// The tutor on somebody else's page: a button that opens the chat, or the chat in an element of the page.
//   <script src="https://tutor.example/embed.js" data-event="Spring school" defer></script>
//   data-target="#place" puts the chat into that element; data-label is the button's text; data-theme is "light" or "dark".
(() => {
  "use strict";
  const SLOW_MS = 15000; // without a sign of life the chat is taken to be blocked
  const LOADED_MS = 2500; // the same once something is loaded: the tutor speaks at once, the browser's page of an error never
  const TURN_MS = 30000; // how long a chat may take to learn who the learner is, while others wait for it
  const SEEN_MS = 300; // until the browser's other tabs see what was kept here
  const SWAP_MS = 50; // a router takes the old page away before it puts the new one
  const NO_HEIGHT = 8; // pixels: hardly more than the border
  const LONGEST = 100000; // characters that are kept for the chat
  const NARROW = "(max-width: 480px), (max-height: 480px)"; // where the panel takes the whole screen
  const HOLDS_NOTHING = "html, head, head *, area, audio, br, canvas, embed, hr, iframe, img, input, link, meta, object, progress, script, select, style, svg, svg *, template, textarea, video";
  const languages = "{{words}}";
  const spoken = [document.documentElement.lang, ...navigator.languages].map((one) => one.split("-")[0].toLowerCase());
  const language = spoken.find((one) => one in languages) ?? "en";
  const words = languages[language];

  const style = `
:host { all: initial !important; display: contents !important; }
:host([data-tutor="inline"]) { display: block !important; block-size: 100% !important; max-block-size: inherit !important; min-inline-size: 0 !important; }
{{themes}}
.widget { --raised: calc(60px * var(--row, 0)); font: 400 14px/20px var(--fontFamilyBase); color: var(--colorNeutralForeground1); text-align: start; }
:focus-visible { outline: 2px solid var(--colorStrokeFocus2); outline-offset: 2px; }
button { font: inherit; cursor: pointer; box-sizing: border-box; }
iframe { position: absolute; inset: 0; display: block; inline-size: 100%; block-size: 100%; border: 0; background: transparent; }
.loading iframe, .blocked iframe { opacity: 0; }
.blocked iframe { visibility: hidden; }
.told { position: absolute; inset: 0; margin: 0; padding: 56px 24px 24px; overflow: auto; color: var(--colorNeutralForeground3); }
.loading .told { animation: late 800ms steps(1); }
.blocked .told { color: inherit; }
@keyframes late { from { color: transparent; } }
.inline { position: relative; box-sizing: border-box; block-size: 100%; max-block-size: inherit; border: 1px solid var(--colorNeutralStroke2); border-radius: 8px; overflow: hidden; background: var(--colorNeutralBackground2); }
.tall::before { content: ""; display: block; block-size: 558px; }
.fill { block-size: 100%; max-block-size: inherit; }
.open { position: fixed; inset-block-end: calc(20px + var(--raised)); inset-inline-end: 20px; z-index: 2147483000; max-inline-size: calc(100vw - 40px); display: flex; align-items: center; gap: 10px; min-block-size: 48px; padding: 10px 20px 10px 16px; border: 1px solid transparent; border-radius: 24px; background: var(--colorBrandBackground); color: var(--colorNeutralForegroundOnBrand); font-weight: 600; text-align: start; box-shadow: var(--shadow16); }
.open:hover { background: var(--colorBrandBackgroundHover); }
.open svg { flex: none; inline-size: 22px; block-size: 22px; fill: currentColor; }
dialog { position: fixed; inset: auto; inset-block-end: calc(84px + var(--raised)); inset-inline-end: 20px; z-index: 2147483001; box-sizing: border-box; inline-size: min(440px, calc(100vw - 40px)); block-size: min(720px, calc(100vh - 108px - var(--raised))); max-inline-size: none; max-block-size: none; margin: 0; padding: 0; overflow: hidden; border: 1px solid var(--colorNeutralStroke2); border-radius: 12px; background: var(--colorNeutralBackground2); color: inherit; box-shadow: var(--shadow28); }
.close { position: absolute; inset-block-start: 6px; inset-inline-end: 8px; inline-size: 36px; block-size: 36px; display: grid; place-items: center; padding: 0; border: 0; border-radius: 4px; background: transparent; color: var(--colorNeutralForeground1); }
.close:hover { background: var(--colorNeutralBackground1Hover); }
.close svg { inline-size: 16px; block-size: 16px; stroke: currentColor; stroke-width: 2; stroke-linecap: round; }
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

  const isText = (told) => typeof told === "string" && told.length < LONGEST;

  function pause(ms) {
    return new Promise((done) => setTimeout(done, ms));
  }

  // One tag's chat. `shared` is what all tags of the same tutor have in common on this page.
  function put(tag, tutor, shared) {
    const { event = "", target = "", label = words.embed_open } = tag.dataset;
    const around = [];

    // --- what surrounds it: a room that no style of the page reaches, and what it takes over from the page

    // The host element is the page's to style; nothing below it is. Therefore all that counts stands below.
    function room(kind) {
      const host = make("div", { "data-tutor": kind });
      const inside = host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      inside.adoptedStyleSheets = [sheet];
      const widget = make("div", { class: "widget", lang: language });
      inside.append(widget);
      return { host, widget };
    }

    function theme(near) {
      const asked = tag.dataset.theme?.trim().toLowerCase();
      if (asked === "light" || asked === "dark") return asked;
      const own = getComputedStyle(near).colorScheme ?? "normal";
      const meta = document.querySelector('meta[name="color-scheme" i]')?.content ?? "";
      const schemes = (own === "normal" ? meta : own).toLowerCase().split(/[\s,]+/);
      const [light, dark] = ["light", "dark"].map((one) => schemes.includes(one));
      if (light !== dark) return dark ? "dark" : "light";
      return dusk.matches ? "dark" : "light";
    }

    const dusk = matchMedia("(prefers-color-scheme: dark)");

    function adapt() {
      for (const { host, widget, chat } of around) {
        const near = host.parentElement === document.documentElement ? document.body : host.parentElement;
        if (!near) continue;
        widget.dir = getComputedStyle(near).direction;
        const worn = theme(near);
        widget.classList.toggle("dark", worn === "dark");
        chat.wear(worn);
      }
    }

    // --- who the learner is: kept here, since a frame of another site has no cookies -----

    const key = `tutor ${tutor}`;
    const draftsKey = `${key} drafts`;

    function kept(name) {
      try {
        return localStorage.getItem(name) ?? shared.kept[name] ?? null;
      } catch {
        return shared.kept[name] ?? null; // storage is switched off: known until the page is left
      }
    }

    function keep(name, text) {
      shared.kept[name] = text;
      try {
        if (text === null) localStorage.removeItem(name);
        else localStorage.setItem(name, text);
      } catch {
        // As above.
      }
    }

    // One at a time finds out who the learner is, in this page and in the browser's other tabs: else each would enrol one.
    async function inTurn(work) {
      try {
        if (navigator.locks) return await navigator.locks.request(key, work);
      } catch {
        // A page without an origin has no locks.
      }
      shared.turn = shared.turn.then(work);
      return shared.turn;
    }

    // --- the chat ------------------------------------------------------------------------

    // `panel` is what can be closed, where the chat is in one.
    function chat(panel) {
      const address = new URL("/?embed=1", tutor);
      if (event) address.searchParams.set("event", event);
      const frame = make("iframe", { title: words.title, allow: "clipboard-write" });
      const told = make("p", { class: "told" });
      // The words in the frame run from left to right, whatever the page around does.
      const box = make("div", { class: "fill", dir: "ltr" }, told, frame);
      let [heard, worn, slow, settle] = [false, null, null, () => {}];
      const mine = { box, frame, wear, wait, restart, shown, given: undefined, blocked: false };

      // A frame that was never heard is another page, or none yet: it isn't told anything.
      function tell(message) {
        if (heard) frame.contentWindow?.postMessage(message, tutor);
      }

      function wear(name) {
        worn = name;
        tell({ tutor: "theme", theme: worn });
      }

      function shown() {
        tell({ tutor: "shown" });
      }

      function look(name, ...said) {
        box.classList.remove("loading", "blocked");
        if (name) box.classList.add(name);
        told.replaceChildren(...said);
        told.setAttribute("role", name === "blocked" ? "alert" : "status");
        mine.blocked = name === "blocked";
      }

      function within(ms) {
        clearTimeout(slow);
        slow = setTimeout(block, ms);
      }

      // The frame loads, or does so again because it was put elsewhere in the page.
      function wait() {
        settle();
        [heard, mine.given] = [false, undefined];
        look("loading", words.embed_loading);
        within(SLOW_MS);
      }

      function restart() {
        wait();
        frame.src = address;
      }

      function block() {
        clearTimeout(slow);
        const focused = frame.getRootNode().activeElement === frame;
        const elsewhere = new URL(address);
        elsewhere.searchParams.delete("embed");
        const link = make("a", { href: elsewhere, target: "_blank", rel: "noopener" }, words.embed_elsewhere);
        look("blocked", `${words.embed_blocked} `, link);
        if (focused) link.focus();
      }

      function hello(more = {}) {
        tell({ tutor: "hello", closes: Boolean(panel), theme: worn, ...more });
      }

      function introduce() {
        mine.given = kept(key);
        hello({ resume: mine.given, drafts: kept(draftsKey) });
      }

      async function greet() {
        hello();
        if (kept(key) !== null) return introduce();
        await inTurn(() => {
          const settled = new Promise((done) => (settle = done));
          introduce();
          return mine.given === null ? Promise.race([settled.then(() => pause(SEEN_MS)), pause(TURN_MS)]) : undefined;
        });
      }

      function recognise(resume) {
        const known = kept(key);
        settle();
        // Another chat was faster: there is one learner, so this chat goes on as that one.
        if (known !== null && known !== mine.given) return restart();
        keep(key, resume);
        mine.given = resume;
        others();
      }

      // The learner has left this browser.
      function forget() {
        keep(key, null);
        keep(draftsKey, null);
        mine.given = null;
        others();
      }

      function others() {
        for (const other of shared.chats) if (other.given !== undefined && other.given !== mine.given) other.restart();
      }

      frame.addEventListener("load", () => heard || within(LOADED_MS));
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, disposition }) => {
        if (disposition === "enforce" && effectiveDirective === "frame-src" && blockedURI.startsWith(tutor) && !heard) block();
      });
      addEventListener("message", ({ source, origin, data }) => {
        if (origin !== tutor || source !== frame.contentWindow || !source) return;
        if (data?.tutor === "here") {
          clearTimeout(slow);
          heard = true;
          look("");
          greet();
          if (panel?.open) shown();
        }
        if (data?.tutor === "keep" && isText(data.resume)) recognise(data.resume);
        if (data?.tutor === "drafts" && (data.drafts === null || isText(data.drafts))) keep(draftsKey, data.drafts);
        if (data?.tutor === "keep" && data.resume === null) forget();
        if (data?.tutor === "close") panel?.close();
      });
      shared.chats.add(mine);
      restart();
      return mine;
    }

    // --- its two forms -------------------------------------------------------------------

    function inline() {
      const { host, widget } = room("inline");
      const made = chat(null);
      const surface = make("div", { class: "inline" }, made.box);
      const sizes = new ResizeObserver(() => requestAnimationFrame(fit));
      widget.classList.add("fill");
      widget.append(surface);

      // As high as its place is by itself; where that has no height of its own, high enough to read.
      function fit() {
        surface.classList.remove("tall");
        surface.classList.toggle("tall", surface.offsetHeight < NO_HEIGHT);
      }

      function came() {
        adapt();
        fit();
        sizes.disconnect();
        sizes.observe(host.parentElement);
      }

      return { host, widget, chat: made, came };
    }

    function button() {
      const { host, widget } = room("button");
      const bubble = "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8l-5 4.5V17H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm2.5 4.2v1.6h11V7.2zm0 4v1.6h7v-1.6z";
      const opener = make("button", { type: "button", class: "open", "aria-expanded": "false", "aria-controls": "panel" }, drawing(24, bubble), label);
      const closer = make("button", { type: "button", class: "close", "aria-label": words.embed_close }, drawing(16, "M3 3l10 10M13 3L3 13"));
      const panel = make("dialog", { id: "panel", "aria-label": words.title });
      const narrow = matchMedia(NARROW);
      const made = { host, widget, chat: { wear() {}, wait() {} }, came, isUsed: () => opened !== null };
      let opened = null;
      // Another tutor's button may stand there already.
      widget.style.setProperty("--row", document.querySelectorAll('[data-tutor="button"]').length);

      function open() {
        if (!opened) {
          opened = chat(panel);
          opened.box.append(closer);
          panel.append(opened.box);
          made.chat = opened;
        } else if (opened.blocked) opened.restart();
        adapt();
        if (narrow.matches) panel.showModal();
        else panel.show();
        opener.setAttribute("aria-expanded", "true");
        opened.frame.focus();
        opened.shown();
      }

      // Whoever was taken out of the page is no longer on top of it.
      function came() {
        adapt();
        if (!panel.open) return;
        panel.close();
        open();
      }

      opener.addEventListener("click", () => (panel.open ? panel.close() : open()));
      closer.addEventListener("click", () => panel.close());
      panel.addEventListener("close", () => {
        if (panel.open) return; // it only changed its size
        opener.setAttribute("aria-expanded", "false");
        opener.focus();
      });
      widget.addEventListener("keydown", ({ key: pressed }) => {
        if (pressed === "Escape" && panel.open) panel.close();
      });
      narrow.addEventListener("change", () => panel.open && came());
      widget.append(opener, panel);
      return made;
    }

    // --- its place -----------------------------------------------------------------------

    let [shownInline, shownButton, complained] = [null, null, false];

    function complain(reason) {
      if (!complained && !shownInline) console.error(`embed.js: data-target="${target}" ${reason}`);
      complained = true;
    }

    // Where the tag says; null where a button has to do.
    function place() {
      if (!target) return null;
      try {
        const found = document.querySelector(target);
        if (found && !found.matches(HOLDS_NOTHING)) return found;
        complain(found ? "is an element that can't hold a chat; a button is shown instead." : "is not in the page; a button is shown until it is.");
      } catch {
        complain("is no CSS selector; a button is shown instead.");
      }
      return null;
    }

    // A router may replace all there is, the body included: what was taken away comes back, in the target that is there now.
    function stand() {
      if ((shownInline ?? shownButton)?.host.isConnected) {
        if (shownInline || !target || shownButton.isUsed()) return;
      }
      const found = place();
      if (found) {
        if (shownButton) leave(shownButton);
        shownButton = null;
        shownInline ??= enter(inline());
        stands(shownInline, found);
      } else if (!shownInline && !shownButton?.host.isConnected) {
        if (!shownButton && shared.hasButton) return;
        shared.hasButton = true;
        shownButton ??= enter(button());
        // Beside the body: what is done to that, or to its children, isn't done to the button.
        stands(shownButton, document.documentElement);
      }
    }

    function stands(form, where) {
      form.chat.wait();
      where.append(form.host);
      form.came();
    }

    function enter(form) {
      around.push(form);
      return form;
    }

    function leave(form) {
      around.splice(around.indexOf(form), 1);
      form.host.remove();
      shared.hasButton = false;
    }

    let swapping = null;
    const looks = new MutationObserver(adapt);

    function settled() {
      swapping = null;
      stand();
      for (const one of [document.documentElement, document.body, tag]) if (one) looks.observe(one, { attributes: true });
    }

    settled();
    new MutationObserver(() => (swapping ??= setTimeout(settled, SWAP_MS))).observe(document, { childList: true, subtree: true });
    dusk.addEventListener("change", adapt);
  }

  // A module doesn't know its tag: it takes each that is there.
  const tags = document.currentScript ? [document.currentScript] : document.querySelectorAll('script[type="module"][src*="/embed.js"]');

  // Loaded twice for the same place, it does nothing the second time.
  function start() {
    for (const tag of tags) {
      const tutor = new URL(tag.src).origin;
      const shared = (window[Symbol.for(`tutor ${tutor}`)] ??= { kept: {}, turn: Promise.resolve(), chats: new Set(), places: new Set(), hasButton: false });
      const { target = "" } = tag.dataset;
      if (shared.places.has(target)) continue;
      shared.places.add(target);
      put(tag, tutor, shared);
    }
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
