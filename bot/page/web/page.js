// The page: a session with the tutor, Microsoft's Web Chat on top of it, and its look.
import * as drafts from "./drafts.js";
import { names, register } from "./elements/all.js";
import { earlier } from "./earlier.js";
import { follow, unmoved } from "./follow.js";
import { framed, keep, kept, whenShown } from "./frame.js";
import * as header from "./header.js";
import { lasting } from "./stream.js";
import * as transcript from "./transcript.js";
import { say, speak } from "./words.js";

const RENEW_BEFORE_S = 300;
const RETRY_MS = 2000;
const SEND_MS = 10000; // the echo comes before the answer is made
const LOST = ["DIRECT_LINE/POST_ACTIVITY_IMPEDED", "DIRECT_LINE/POST_ACTIVITY_REJECTED"];
const RETRY_MOST_MS = 15000;
const STOOD_MS = 700; // without news, after the page was loaded: the newest card is there
const { createDirectLine, createStore, renderWebChat } = window.WebChat;

const byId = (id) => document.getElementById(id);
// A token by its name: a change between light and dark needs no new rendering, so no half-filled card is lost.
const style = (name) => `var(--${name})`;
const nonce = document.querySelector("script[nonce]").nonce;
const event = new URL(location.href).searchParams.get("event") ?? undefined;

let line = null;
let current = null; // the session: its token, and where it is good
let goOn = null; // lets the stream go on at another address, with another token
let renewal = null;
let shows = names; // the elements that can do their part here
let visit = null; // what this visit is called until it has an answer: an answer that got lost is given again
let secret = null; // in a frame: what brings the learner back

// --- the session -------------------------------------------------------------------

// A part of the address that counts once.
function taken(name) {
  const here = new URL(location.href);
  const value = here.searchParams.get(name);
  if (value) {
    here.searchParams.delete(name);
    history.replaceState(null, "", here);
  }
  return value;
}

function named() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))));
}

// The body of a request that says who the learner is.
function known(more) {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(framed ? { ...more, frame: true, resume: secret } : more),
  };
}

async function session(more = {}) {
  visit ??= named();
  let body = { locale: document.documentElement.lang, elements: names, event, visit, ...more };
  for (let wait = RETRY_MS; ; wait = Math.min(RETRY_MOST_MS, wait * 1.5)) {
    try {
      const answer = await fetch("/api/session", known(body));
      const told = await answer.json();
      if (framed && told.resume && told.resume !== secret) {
        secret = told.resume;
        keep(secret);
      }
      if (answer.ok) {
        notice("");
        visit = null;
        return told;
      }
      if (answer.status === 409) {
        // The link is another learner's, and the one here has a place to lose.
        const { resume: left, ...stay } = body;
        body = confirm(say("carry_changes")) ? { ...body, change: true } : stay;
        continue;
      }
      if (answer.status === 429) {
        await countDown(Math.max(1, Number(answer.headers.get("Retry-After")) || 1));
        continue;
      }
    } catch {
      // The tutor restarts, or the network is away: both end.
    }
    notice(say("failed"));
    await pause(wait);
  }
}

// Shows how long it still takes, by the clock: a page in the background is woken less often.
// Read aloud it is once, not each second.
async function countDown(seconds) {
  const end = Date.now() + seconds * 1000;
  for (let left = seconds; left > 0; left = Math.ceil((end - Date.now()) / 1000)) {
    notice(say("hasty_wait", { seconds: left }));
    await pause(Math.min(1000, end - Date.now()));
    byId("notice").ariaLive = "off";
  }
  byId("notice").ariaLive = "polite";
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

// Reads out what is said in a card that was there already.
function announce(text) {
  byId("heard").textContent = text;
}

function notice(text) {
  const place = byId("notice");
  place.textContent = text;
  place.hidden = !text;
}

// --- the connection ----------------------------------------------------------------

// Every activity says what this page can show. One that didn't arrive is told of: a press leaves no other trace.
const store = createStore({}, () => (next) => (action) => {
  if (action.type === "DIRECT_LINE/POST_ACTIVITY") {
    const activity = action.payload.activity;
    const channelData = { ...activity.channelData, elements: shows };
    return next({ ...action, payload: { ...action.payload, activity: { ...activity, channelData } } });
  }
  if (action.type === "WEB_CHAT/SET_SEND_BOX") {
    written = true;
    drafts.write(action.payload.text);
  }
  if (action.type === "DIRECT_LINE/POST_ACTIVITY_PENDING") {
    transcript.sent(action.meta.clientActivityID);
    drafts.post(action.meta.clientActivityID, action.payload.activity);
  }
  if (action.type === "DIRECT_LINE/CONNECT_FULFILLED") setTimeout(enterRoom);
  if (LOST.includes(action.type)) notice(say(action.payload?.status === 429 ? "hasty" : "not_sent"));
  if (action.type === "DIRECT_LINE/POST_ACTIVITY_FULFILLED") {
    drafts.arrive(action.meta.clientActivityID);
    notice("");
  }
  if (action.type !== "DIRECT_LINE/INCOMING_ACTIVITY") return next(action);
  if (!action.meta?.earlier) {
    follows(action.payload.activity);
    if (!written) writeSoon();
    clearTimeout(looking);
    looking = setTimeout(lookEarlier, STOOD_MS);
  }
  for (const change of transcript.changes(action.payload.activity)) next(change);
});

let looking = null;

// The part of what was said before the one that is shown; nothing where Azure has it all, or this browser is forgotten.
async function askEarlier() {
  const before = transcript.beginning();
  if (left || !current?.domain.startsWith("/") || before === Infinity) return null;
  const address = `${current.domain}/conversations/${current.conversationId}/activities?before=${before}`;
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${current.token}` } });
  return answer.ok ? (await answer.json()).activities : null;
}

function takeEarlier(activities) {
  for (const activity of activities) {
    store.dispatch({ type: "DIRECT_LINE/INCOMING_ACTIVITY", meta: { earlier: true }, payload: { activity } });
  }
}

const lookEarlier = earlier(byId("chat"), byId("earlier"), { ask: askEarlier, take: takeEarlier, isCut: transcript.isCut });

let written = false; // the message box has been written into since the page was loaded
let writing = null;

// What was being written when the page was left, once it is known at which step that was.
function writeSoon() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    const text = drafts.written();
    if (text && !written) store.dispatch({ type: "WEB_CHAT/SET_SEND_BOX", payload: { text } });
  }, STOOD_MS);
}

// The page speaks the language that the tutor speaks to the learner.
function follows({ from, locale }) {
  if (from?.role !== "user" && speak(locale)) {
    label();
    setTimeout(() => show(shownTo));
  }
}

async function connect(more) {
  const held = await session(more);
  if (isAnother(held)) return;
  current = held;
  drafts.belongTo(held.userId);
  const before = line;
  // Files come to the tutor itself, which has no conversation of its own where Azure has them.
  shows = held.domain.startsWith("/") ? names : names.filter((name) => name !== "Tutor.File");
  line = createDirectLine({
    token: held.token,
    conversationId: held.conversationId,
    domain: location.origin + held.domain,
    webSocket: true,
  });
  // Azure's streams aren't ours to end.
  goOn = held.domain.startsWith("/") ? lasting(line, over) : null;
  watch(line);
  show(held.userId);
  const anew = taken("anew") || held.anew;
  if (held.carried) tellCarried(held.carried);
  else if (anew) told(say("anew"));
  before?.end();
  plan(held.expiresIn);
}

function plan(expiresIn) {
  clearTimeout(renewal);
  renewal = setTimeout(renew, Math.max(30, expiresIn - RENEW_BEFORE_S) * 1000);
}

async function renew() {
  const held = await session({ again: true });
  if (isAnother(held)) return;
  try {
    const answer = await fetch(`${held.domain}/conversations/${held.conversationId}`, {
      headers: { Authorization: `Bearer ${held.token}` },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { streamUrl } = await answer.json();
    current = held;
    line.reconnect({ conversationId: held.conversationId, token: held.token, streamUrl });
    goOn?.(streamUrl);
    plan(held.expiresIn);
  } catch {
    await connect({ again: true });
  }
}

// The session is over: it was signed out, or its learner deleted.
function over() {
  if (!left) connect({ again: true });
}

// Whether who is recognised isn't who is shown here: what is shown is put away then.
function isAnother(held) {
  if (!shownTo || held.userId === shownTo) return false;
  const here = new URL(location.href);
  if (held.anew) here.searchParams.set("anew", "1");
  history.replaceState(null, "", here);
  location.reload();
  return true;
}

// DirectLineJS gives up after a while (4: token expired, 3/5: failed, ended); we don't.
function watch(mine) {
  let [lost, replaced] = [false, false];
  mine.connectionStatus$.subscribe((status) => {
    if (mine !== line || replaced) return;
    if (status === 2) {
      if (lost) notice("");
      lost = false;
    } else if (status === 3) renew();
    else if (status === 4 || status === 5) {
      replaced = true;
      over();
    } else if (status === 1 && lost) notice(say("offline"));
    if (status !== 2) lost = true;
  });
}

// Who came by a live session's code goes into its room, as by typing the code.
function enterRoom() {
  const code = taken("room");
  if (code) store.dispatch({ type: "WEB_CHAT/SEND_MESSAGE", payload: { text: code, method: "keyboard" } });
}

// --- the look ----------------------------------------------------------------------

function options() {
  const font = style("fontFamilyBase");
  const text = style("colorNeutralForeground1");
  const paper = style("colorNeutralBackground1");
  const brand = style("colorBrandBackground");
  return {
    accent: brand,
    subtle: style("colorNeutralForeground3"),
    primaryFont: font,
    monospaceFont: style("fontFamilyMonospace"),
    backgroundColor: style("colorNeutralBackground2"),
    bubbleBackground: paper,
    bubbleTextColor: text,
    bubbleBorderColor: style("colorNeutralStroke2"),
    bubbleBorderRadius: 8,
    bubbleBorderWidth: 1,
    bubbleFromUserBackground: style("colorBrandBackground2"),
    bubbleFromUserTextColor: text,
    bubbleFromUserBorderColor: style("colorBrandStroke2"),
    bubbleFromUserBorderRadius: 8,
    bubbleFromUserBorderWidth: 1,
    bubbleMaxWidth: 736,
    bubbleMinWidth: 0,
    bubbleAttachmentMaxWidth: 736,
    bubbleAttachmentMinWidth: 0,
    bubbleImageMaxHeight: 400,
    paddingRegular: 12,
    paddingWide: 16,
    rootHeight: "100%",
    rootWidth: "100%",
    hideUploadButton: true,
    disableFileUpload: true,
    showAvatarInGroup: "status",
    botAvatarInitials: undefined,
    userAvatarInitials: undefined,
    suggestedActionLayout: "flow",
    suggestedActionBackgroundColor: paper,
    suggestedActionBackgroundColorOnActive: paper,
    suggestedActionBackgroundColorOnDisabled: paper,
    suggestedActionBackgroundColorOnFocus: paper,
    suggestedActionBackgroundColorOnHover: paper,
    suggestedActionKeyboardFocusIndicatorBorderColor: style("colorStrokeFocus2"),
    suggestedActionTextColorOnActive: style("colorBrandForeground1"),
    suggestedActionTextColorOnDisabled: style("colorNeutralForeground3"),
    suggestedActionTextColorOnFocus: style("colorBrandForeground1"),
    suggestedActionTextColorOnHover: style("colorBrandForeground1"),
    suggestedActionTextColor: style("colorBrandForeground1"),
    suggestedActionBorderColor: style("colorBrandStroke1"),
    suggestedActionBorderRadius: 16,
    suggestedActionBorderWidth: 1,
    suggestedActionHeight: "auto",
    sendBoxBackground: paper,
    sendBoxTextColor: text,
    sendBoxButtonColor: style("colorBrandForeground1"),
    sendBoxPlaceholderColor: style("colorNeutralForeground3"),
    sendBoxBorderTop: `1px solid ${style("colorNeutralStroke1")}`,
    sendBoxTextWrap: true,
    timestampColor: style("colorNeutralForeground3"),
    sendTypingIndicator: false,
    sendTimeout: SEND_MS,
    typingAnimationDuration: 8000,
    adaptiveCardsParserMaxVersion: "1.5",
    ...unmoved,
    internalLiveRegionFadeAfter: 2000,
    toasterHeight: 0,
    hideToaster: true,
  };
}

function palette(back, emphasis) {
  const colour = (name) => ({ default: style(name), subtle: style(name) });
  return {
    backgroundColor: back,
    foregroundColors: {
      default: { default: style("colorNeutralForeground1"), subtle: style("colorNeutralForeground3") },
      accent: colour("colorBrandForeground1"),
      good: colour("colorStatusSuccessForeground1"),
      warning: colour("colorStatusWarningForeground3"),
      attention: colour("colorStatusDangerForeground3"),
    },
    ...(emphasis ? { borderColor: style("colorNeutralStroke2") } : {}),
  };
}

function hostConfig() {
  return {
    supportsInteractivity: true,
    fontFamily: style("fontFamilyBase"),
    fontSizes: { small: 12, default: 15, medium: 16, large: 20, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    textBlock: { headingLevel: 2 },
    separator: { lineThickness: 1, lineColor: style("colorNeutralStroke2") },
    spacing: { small: 6, default: 10, medium: 16, large: 24, extraLarge: 32, padding: 16 },
    actions: { maxActions: 8, actionsOrientation: "horizontal", actionAlignment: "left", buttonSpacing: 8, showCard: { actionMode: "inline", inlineTopMargin: 12 }, spacing: "default" },
    inputs: {
      label: {
        requiredInputs: { weight: "Bolder", suffix: "" },
        optionalInputs: { weight: "Bolder" },
        inputSpacing: "small",
      },
    },
    containerStyles: {
      default: palette(style("colorNeutralBackground1")),
      emphasis: palette(style("colorNeutralBackground3"), true),
      accent: palette(style("colorBrandBackground2")),
      good: palette(style("colorStatusSuccessBackground1")),
      warning: palette(style("colorStatusWarningBackground1")),
      attention: palette(style("colorStatusDangerBackground1")),
    },
  };
}

// What is read out for a card is what it says of itself, not a copy of its inputs.
const readOut = () => (next) => (told) => {
  const { contentType, content } = told.attachment;
  const render = next(told);
  if (contentType !== "application/vnd.microsoft.card.adaptive" || !render) return render;
  return () => ({ ...render(), type: "div", props: { children: content.speak ?? "" } });
};

// When something was said is no news to who learns; that it didn't arrive is.
const unlessSent = () => (next) => (told) => (told.sendState === "sent" ? false : next(told));

let shownTo;

function show(userID) {
  shownTo = userID;
  renderWebChat(
    {
      directLine: line,
      store,
      userID,
      locale: document.documentElement.lang,
      nonce,
      styleOptions: options(),
      adaptiveCardsPackage: window.AdaptiveCards,
      attachmentForScreenReaderMiddleware: readOut,
      activityStatusMiddleware: unlessSent,
      adaptiveCardsHostConfig: hostConfig(),
      overrideLocalizedStrings: { TEXT_INPUT_PLACEHOLDER: say("send_box") },
    },
    byId("chat"),
  );
}

// --- whose place it is ---------------------------------------------------------------

// One line above the chat, with something to do about it.
function told(text, label, act) {
  byId("told-text").textContent = text;
  byId("told-do").hidden = !act;
  byId("told-do").textContent = label ?? "";
  byId("told-do").onclick = act ?? null;
  byId("told").hidden = false;
}

function tellCarried({ phase, step }) {
  const where = phase ? say("carried", { phase, step }) : say("carried_start");
  told(where, say("carried_own"), async () => {
    byId("told").hidden = true;
    isAnother(await session({ begin: true }));
  });
}

// --- another device, and this one -------------------------------------------------------

function label() {
  document.title = byId("title").textContent = say("title");
  byId("skip").textContent = say("skip_to_chat");
  header.name();
  byId("earlier").textContent = say("earlier");
  byId("carry").textContent = say("carry_title");
  for (const name of ["privacy", "terms"]) byId(name).textContent = say(name);
  byId("link-title").textContent = say("carry_title");
  byId("link-about").textContent = say("carry_about");
  byId("link-text").setAttribute("aria-label", say("carry_title"));
  byId("link-copy").textContent = say("carry_copy");
  byId("link-close").textContent = byId("leave-close").textContent = byId("told-close").textContent = say("close");
  byId("leave-open").textContent = byId("leave-title").textContent = say("leave");
  for (const name of ["leave_here", "leave_here_about", "leave_everywhere", "leave_everywhere_about"]) {
    byId(name.replaceAll("_", "-")).textContent = say(name);
  }
}

function prepareLink() {
  label();
  byId("carry").addEventListener("click", async () => {
    const answer = await fetch("/api/session/link", known({}));
    if (!answer.ok) return notice(say("failed"));
    byId("link-text").value = (await answer.json()).link;
    byId("link-copy").textContent = say("carry_copy");
    byId("link").showModal();
    byId("link-text").select();
  });
  byId("link-copy").addEventListener("click", async () => {
    byId("link-text").select();
    await navigator.clipboard?.writeText(byId("link-text").value).catch(() => document.execCommand("copy"));
    byId("link-copy").textContent = say("carry_copied");
  });
  byId("link-close").addEventListener("click", () => byId("link").close());
}

// What the learner can do now, wherever they are in the chat.
function prepareHeader() {
  header.prepare({
    ask: async () => (await fetch("/api/session/steps", known({}))).json(),
    press: (value) => store.dispatch({ type: "WEB_CHAT/SEND_POST_BACK", payload: { value } }),
    speak: (text) => store.dispatch({ type: "WEB_CHAT/SEND_MESSAGE", payload: { text, method: "keyboard" } }),
  });
}

let left = false; // this browser is forgotten

function prepareLeaving() {
  byId("told-close").addEventListener("click", () => (byId("told").hidden = true));
  byId("leave-open").addEventListener("click", () => byId("leave").showModal());
  byId("leave-close").addEventListener("click", () => byId("leave").close());
  byId("leave-here").addEventListener("click", () => leave({ here: true }, "left_here"));
  byId("leave-everywhere").addEventListener("click", () => leave({}, "left_everywhere"));
}

async function leave(what, words) {
  left = true;
  const answer = await fetch("/api/session/revoke", known(what)).catch(() => null);
  byId("leave").close();
  if (!answer?.ok) {
    left = false;
    return notice(say("failed_once"));
  }
  drafts.forget();
  if (framed) keep(null);
  clearTimeout(renewal);
  line?.end();
  for (const name of ["chat", "earlier", "notice", "told", "menu-open", "where", "skip"]) byId(name).hidden = true;
  byId("chat").replaceChildren();
  byId("left-text").textContent = say(words);
  byId("left-begin").textContent = say("left_begin");
  byId("left-begin").addEventListener("click", () => location.reload());
  byId("left").hidden = false;
  byId("left-text").focus();
}

// --- the start ---------------------------------------------------------------------

// On a touch screen the keyboard would hide half of the chat.
function focusChat() {
  const box = document.querySelector('[data-id="webchat-sendbox-input"]');
  (matchMedia("(pointer: coarse)").matches ? byId("chat") : (box ?? byId("chat"))).focus();
}

async function start() {
  whenShown(focusChat);
  if (framed) secret = await kept();
  const resume = framed ? null : taken("resume");
  connect(resume ? { resume } : {});
}

addEventListener("offline", () => notice(say("offline")));
addEventListener("online", () => notice(""));
prepareLink();
prepareLeaving();
prepareHeader();
register();
window.AdaptiveCards.AdaptiveCard.onInputValueChanged = drafts.change;
follow(byId("chat"), announce);
start();
