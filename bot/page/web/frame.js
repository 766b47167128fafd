// In a frame on another site's page there are no cookies: the page around (embed.js) keeps who the learner is.
const around = [location.origin, ...JSON.parse(document.getElementById("origins").textContent)];
const PATIENCE_MS = 5000; // a frame without embed.js around it starts all the same

export const framed = parent !== window && new URL(location.href).searchParams.has("embed");

let origin = null; // of the page around
let left = null; // what the page around has kept of what wasn't sent
let shown = () => {};
let alone; // the timer that runs until the page around says hello
let meet;
const met = new Promise((done) => (meet = done));

function tell(message) {
  if (origin) parent.postMessage(message, origin);
}

// What the page around has kept; null for a new learner.
export async function kept() {
  if (!origin) alone = setTimeout(() => meet(null), PATIENCE_MS);
  return met;
}

export function keep(resume) {
  tell({ tutor: "keep", resume });
}

export function draftsLeft() {
  return left;
}

export function leaveDrafts(drafts) {
  tell({ tutor: "drafts", drafts });
}

export function whenShown(focus) {
  shown = focus;
}

// Escape closes the panel around, unless something in the chat has a use for it.
function leave(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const inside = event.target.closest?.(".webchat__basic-transcript, .webchat__suggested-actions, dialog");
  if (!inside) tell({ tutor: "close" });
}

// "light", "dark", or what the system wants: the media rules of the tokens are turned on and off.
let dark = null;

function wear(theme) {
  dark ??= [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule.media?.mediaText.includes("prefers-color-scheme"));
  const when = { light: "not all", dark: "all" }[theme] ?? "(prefers-color-scheme: dark)";
  for (const rule of dark) rule.media.mediaText = when;
}

if (framed) {
  document.documentElement.classList.add("framed");
  addEventListener("keydown", leave);
  addEventListener("message", ({ source, origin: from, data }) => {
    if (source !== parent || !around.includes(from)) return;
    if (data?.tutor === "hello") {
      origin = from;
      clearTimeout(alone);
      wear(data.theme);
      document.documentElement.classList.toggle("closes", data.closes === true);
      tell({ tutor: "ready" });
      left = typeof data.drafts === "string" ? data.drafts : null;
      // Without `resume` another chat is just finding out who the learner is.
      if ("resume" in data) meet(typeof data.resume === "string" ? data.resume : null);
    }
    if (data?.tutor === "theme") wear(data.theme);
    if (data?.tutor === "shown") shown();
  });
  // It tells nothing, so anybody may hear it: from now on the page around can talk to us.
  parent.postMessage({ tutor: "here" }, "*");
}
