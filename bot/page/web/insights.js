// The page with figures: it renews what it shows while somebody looks at it.
const EVERY_MS = 15000;

async function renew() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = read.getElementById("figures");
  const shown = document.getElementById("figures");
  // Whoever is in a table with the keyboard stays there.
  if (!now || shown.contains(document.activeElement) || shown.innerHTML === now.innerHTML) return;
  for (const picture of now.querySelectorAll("img")) {
    const address = new URL(picture.src, location.href);
    address.searchParams.set("at", Date.now());
    picture.src = address;
  }
  shown.replaceChildren(...now.childNodes);
}

setInterval(() => renew().catch(() => {}), EVERY_MS);
