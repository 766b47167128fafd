// Where the chat stands after something was said: at the start of what is new, and never away from what is being read.
import { still } from "./elements/dom.js";

const GAP = 12; // pixels above what is new
const TOGETHER_MS = 700; // the parts of one answer arrive one after the other
const SETTLE_MS = 2500; // pictures and curves grow for a while
const LATER_MS = [50, 150, 400, 1000];
const AFTER_MS = [700, 1400];
const TICK_MS = 3000; // what comes later of itself moves nothing
const ACTED_MS = 15000; // who pressed something waits for the answer to it

// Web Chat's own scrolling stops at the first new message, whatever follows it; this keeps it still.
export const unmoved = { autoScrollSnapOnActivity: 1, autoScrollSnapOnActivityOffset: -1e7, autoScrollSnapOnPage: false };

export function follow(room, announce) {
  let [first, newest, face] = [null, null, null]; // where the newest answer begins, the last message, and its card
  let [began, came, acted, held] = [null, 0, 0, false]; // when; `held`: the learner reads something else
  let renewed = false; // whether the last change was a card's, in place
  let touched = null; // what had the focus last, and may be gone with its card
  let untouched = true; // nobody did anything on this page yet: it stands where the newest begins
  const now = () => performance.now();
  const scroller = () => room.querySelector(".webchat__basic-transcript__scrollable");
  const isOurs = (message) => Boolean(message?.querySelector(".webchat__stacked-layout--from-user"));
  const sizes = new ResizeObserver(() => {
    if (!held && now() - came < SETTLE_MS) go("auto");
  });

  function look() {
    const messages = [...room.querySelectorAll("article")];
    const last = messages.at(-1);
    const card = last?.querySelector(".ac-adaptiveCard") ?? null;
    if (!last || (last === newest && card === face)) return;
    began ??= now();
    const loading = now() - began < SETTLE_MS;
    const place = messages.indexOf(newest);
    const fresh = loading || place < 0 ? last : (messages[place + 1] ?? last);
    const news = loading ? null : card?.querySelector("#news");
    const isTick = card && !loading && last === newest && !news && now() - acted > TICK_MS;
    if (isTick) {
      face = card;
      return lead(twin(card) ?? card, card);
    }
    const isRenewed = !loading && last === newest;
    hold(!loading && now() - acted > ACTED_MS && !(isRenewed && news ? isInView(newest) : isSeen(newest)));
    if (news) first = news;
    else if (loading || isOurs(newest) || renewed || now() - came > TOGETHER_MS || !first?.isConnected) first = fresh;
    [newest, face, came, renewed] = [last, card, now(), isRenewed && !news];
    sizes.disconnect();
    for (const part of [scroller(), last.parentElement]) sizes.observe(part); // older cards grow, too
    if (!held) go(loading || still() ? "auto" : "smooth");
    if (!loading && card) lead(news ?? card, card);
    // While the page loads, and where suggestions come, Web Chat goes to its end all the same.
    for (const ms of loading ? LATER_MS : AFTER_MS) setTimeout(() => held || go("auto"), ms);
  }

  // What had the focus in the card before, in the one that shows it now.
  function twin(card) {
    if (!touched || touched.isConnected) return null;
    const name = ({ ariaLabel, textContent, id }) => `${ariaLabel} ${textContent} ${id.replace(/\d+$/, "")}`;
    return [...card.querySelectorAll(touched.tagName)].find((one) => name(one) === name(touched));
  }

  // Whoever did something in a card goes on in the one that answers, at the word on it; it is read out to all others.
  function lead(there, card) {
    const isLost = touched?.matches(".ac-adaptiveCard *") && !touched.isConnected && document.activeElement === document.body;
    if (isLost || document.activeElement?.matches("article .ac-pushButton")) {
      if (!there.matches("button, input, select, textarea")) there.tabIndex = -1;
      there.focus({ preventScroll: true });
    } else if (there.id === "news") announce(there.textContent);
  }

  function isSeen(message) {
    return !message?.isConnected || message.getBoundingClientRect().bottom <= scroller().getBoundingClientRect().bottom + 2 * GAP;
  }

  // Whether any part of a message is on the screen.
  function isInView(message) {
    const [room, at] = [scroller().getBoundingClientRect(), message.getBoundingClientRect()];
    return at.top < room.bottom && at.bottom > room.top;
  }

  // Goes to where the answer begins; to a word on an answer no further than it takes to see it and what follows.
  function go(behavior) {
    const box = scroller();
    if (!box || !first?.isConnected) return;
    const room = box.getBoundingClientRect();
    const at = first.getBoundingClientRect();
    const end = first.closest("article").getBoundingClientRect().bottom;
    let by = at.top - room.top - GAP;
    if (first.id === "news" && by > 0) by = Math.min(by, Math.max(0, end + GAP - room.bottom));
    const top = Math.min(box.scrollTop + by, box.scrollHeight - box.clientHeight);
    if (Math.abs(top - box.scrollTop) > 1) box.scrollTo({ top, behavior });
  }

  // Web Chat's button "New messages" is shown only while the newest is out of sight.
  function hold(reading) {
    held = reading;
    room.classList.toggle("behind", reading);
  }

  function acts(event) {
    untouched = false;
    [acted, came, began] = [now(), 0, -SETTLE_MS]; // it is loaded; what comes next is another answer
    hold(false);
    if (event.target.closest?.(".webchat__scroll-to-end-button")) setTimeout(() => go(still() ? "auto" : "smooth"));
  }

  function reads() {
    [acted, held, untouched] = [0, true, false];
  }

  // The second press of a double click isn't meant for what the first one brought.
  function pressesAgain(event) {
    if (event.detail < 2 || !event.target.closest?.(".ac-pushButton")) return;
    event.preventDefault();
    event.stopPropagation();
  }

  room.addEventListener("click", pressesAgain, true);
  room.addEventListener("click", acts, true);
  // A slow page comes to its parts late, and Web Chat goes to its end after each.
  room.addEventListener("scroll", () => untouched && go("auto"), { capture: true, passive: true });
  room.addEventListener("pointerdown", () => (untouched = false), true);
  room.addEventListener("focusin", (event) => (touched = event.target));
  room.addEventListener("keydown", (event) => (event.key === "Enter" ? acts(event) : reads()), true);
  for (const name of ["wheel", "touchmove"]) room.addEventListener(name, reads, { capture: true, passive: true });
  new MutationObserver(() => requestAnimationFrame(look)).observe(room, { childList: true, subtree: true });
}
