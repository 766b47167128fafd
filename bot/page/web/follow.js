// Where the chat stands after something was said: at the start of what is new, and never away from what is being read.
import { still } from "./elements/dom.js";

const GAP = 12; // pixels above what is new
const TOGETHER_MS = 700; // the parts of one answer arrive one after the other
const SETTLE_MS = 2500; // pictures and curves grow for a while
const LATER_MS = [50, 150, 400, 1000];
const ACTED_MS = 15000; // who pressed something waits for the answer to it

// Web Chat's own scrolling stops at the first new message, whatever follows it; this keeps it still.
export const unmoved = { autoScrollSnapOnActivity: 1, autoScrollSnapOnActivityOffset: -1e7, autoScrollSnapOnPage: false };

export function follow(room) {
  let [first, newest] = [null, null]; // messages: where the newest answer begins, and the last one
  let [began, came, acted, held] = [null, 0, 0, false]; // when; `held`: the learner reads something else
  const now = () => performance.now();
  const scroller = () => room.querySelector(".webchat__basic-transcript__scrollable");
  const isOurs = (message) => Boolean(message?.querySelector(".webchat__stacked-layout--from-user"));
  const sizes = new ResizeObserver(() => {
    if (!held && now() - came < SETTLE_MS) go("auto");
  });

  function look() {
    const messages = [...room.querySelectorAll("article")];
    const last = messages.at(-1);
    if (!last || last === newest) return;
    began ??= now();
    const loading = now() - began < SETTLE_MS;
    const place = messages.indexOf(newest);
    const fresh = loading || place < 0 ? last : messages[place + 1];
    hold(!loading && now() - acted > ACTED_MS && !isSeen(newest));
    if (loading || isOurs(newest) || now() - came > TOGETHER_MS || !first?.isConnected) first = fresh;
    [newest, came] = [last, now()];
    sizes.disconnect();
    for (const part of [scroller(), last.parentElement]) sizes.observe(part); // older cards grow, too
    if (!held) go(loading || still() ? "auto" : "smooth");
    if (!loading) lead(last);
    // While the page loads Web Chat goes to its end all the same.
    if (loading) for (const ms of LATER_MS) setTimeout(() => held || go("auto"), ms);
  }

  // Whoever pressed a button of a card goes on in the card that answers: Tab leads to its first input.
  function lead(message) {
    const card = message.querySelector(".ac-adaptiveCard");
    const pressed = document.activeElement;
    if (!card || message.contains(pressed) || !pressed?.matches("article .ac-pushButton")) return;
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
  }

  function isSeen(message) {
    return message.getBoundingClientRect().bottom <= scroller().getBoundingClientRect().bottom + 2 * GAP;
  }

  function go(behavior) {
    const box = scroller();
    if (!box || !first?.isConnected) return;
    const top = box.scrollTop + first.getBoundingClientRect().top - box.getBoundingClientRect().top - GAP;
    box.scrollTo({ top: Math.min(top, box.scrollHeight - box.clientHeight), behavior });
  }

  // Web Chat's button "New messages" is shown only while the newest is out of sight.
  function hold(reading) {
    held = reading;
    room.classList.toggle("behind", reading);
  }

  function acts(event) {
    [acted, came, began] = [now(), 0, -SETTLE_MS]; // it is loaded; what comes next is another answer
    hold(false);
    if (event.target.closest?.(".webchat__scroll-to-end-button")) setTimeout(() => go(still() ? "auto" : "smooth"));
  }

  function reads() {
    [acted, held] = [0, true];
  }

  room.addEventListener("click", acts, true);
  room.addEventListener("keydown", (event) => (event.key === "Enter" ? acts(event) : reads()), true);
  for (const name of ["wheel", "touchmove"]) room.addEventListener(name, reads, { capture: true, passive: true });
  new MutationObserver(() => requestAnimationFrame(look)).observe(room, { childList: true, subtree: true });
}
