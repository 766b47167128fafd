// Pages of a live session: their parts come by themselves, as they change; a host's wishes go without leaving the page.
const main = document.querySelector("[data-stream]");
const lost = document.getElementById("lost");
const waiting = new Map(); // parts in which somebody is writing just now
const LOST_MS = 3000;

function writesIn(place) {
  const at = document.activeElement;
  return place.contains(at) && at.matches('input[type="number"]');
}

function show(id, text) {
  const place = document.getElementById(id);
  if (!place) return;
  if (writesIn(place)) {
    waiting.set(id, text);
    return;
  }
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...place.querySelectorAll("details[open]")].map((one) => one.id);
  place.innerHTML = text;
  for (const one of open) document.getElementById(one)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus();
}

document.addEventListener("focusout", () =>
  setTimeout(() => {
    for (const [id, text] of [...waiting]) {
      waiting.delete(id);
      show(id, text);
    }
  }),
);

let gone = null;
function follow() {
  const source = new EventSource(main.dataset.stream);
  source.onopen = () => {
    clearTimeout(gone);
    gone = null;
    if (lost) lost.textContent = "";
  };
  source.onmessage = ({ data }) => {
    for (const [id, text] of Object.entries(JSON.parse(data))) show(id, text);
  };
  source.onerror = () => {
    gone ??= setTimeout(() => lost && (lost.textContent = lost.dataset.text), LOST_MS);
    // A browser gives up where it was answered with an error; we don't.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, LOST_MS);
  };
}
follow();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !main.contains(form)) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  document.activeElement?.matches('input[type="number"]') && document.activeElement.blur();
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.ok) return;
    if (answer.status === 401) location.reload();
  } catch {
    // Told below.
  }
  if (lost) lost.textContent = lost.dataset.text;
});
