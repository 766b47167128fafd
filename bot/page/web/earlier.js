// What was said before what the page has loaded: it comes when one scrolls up to it, or at a press of a button.
const NEAR = 160; // pixels from the top

// `ask` brings the part before, an empty one at the beginning of all; `take` shows it; `isCut`: it is needed at once.
export function earlier(room, button, { ask, take, isCut }) {
  let [busy, over] = [false, false];
  const scroller = () => room.querySelector(".webchat__basic-transcript__scrollable");
  const isNear = () => scroller() && scroller().scrollTop < NEAR;

  function offer() {
    button.hidden = over || !isNear();
  }

  async function load() {
    const box = scroller();
    if (busy || over || !box) return;
    busy = true;
    try {
      const part = await ask();
      if (!part) return;
      over = !part.length;
      const left = box.scrollHeight - box.scrollTop; // what is being read stays where it is
      take(part);
      requestAnimationFrame(() => (box.scrollTop = box.scrollHeight - left));
    } finally {
      busy = false;
      setTimeout(look, 300);
    }
  }

  // A part may be folded up into a few lines that fill no screen.
  function look() {
    const box = scroller();
    if (box && (isCut() || box.scrollHeight <= box.clientHeight + NEAR)) load();
    offer();
  }

  room.addEventListener("scroll", () => (isNear() && !over ? load() : offer()), { capture: true, passive: true });
  button.addEventListener("click", load);
  return look;
}
