// What the learner typed or chose and hasn't sent: kept in this browser alone, and there again after a reload, at the same step.
import { draftsLeft, framed, leaveDrafts } from "./frame.js";

const KEY = "tutor drafts";
const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST = 20000; // characters of an input or a message
const OWN_INPUTS = ["Tutor.Pick", "Tutor.Order", "Tutor.Jsonl"];

const nothing = (learner) => ({ learner, message: null, cards: {} });
const isFresh = (draft) => Date.now() - draft?.at < DAY_MS;

let drafts = nothing(null); // `cards` by their lesson: of each, only the newest card can be answered
let here = null; // the step that the newest card puts, by its ticket
let message = ""; // what is in the message box
const underway = new Map(); // what was sent from there and hasn't arrived, by its id

// A frame on another site's page may have no storage of its own: the page around keeps them, as it keeps the secret.
function stored() {
  try {
    return JSON.parse(framed ? draftsLeft() : localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // storage is switched off, or holds what isn't ours
  }
}

function store() {
  const isEmpty = !drafts.message && !Object.keys(drafts.cards).length;
  try {
    if (framed) leaveDrafts(isEmpty ? null : JSON.stringify(drafts));
    else if (isEmpty) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(drafts));
  } catch {
    // They live until the page is left.
  }
}

// From now on it is this learner who types; what another has left in this browser is none of theirs.
export function belongTo(learner) {
  if (learner === drafts.learner) return;
  const left = stored();
  [drafts, here, message] = [nothing(learner), null, ""];
  underway.clear();
  if (left.learner === learner) {
    if (isFresh(left.message)) drafts.message = left.message;
    drafts.cards = Object.fromEntries(Object.entries(left.cards ?? {}).filter(([, card]) => isFresh(card)));
  }
  store();
}

export function forget() {
  belongTo(null);
}

// --- cards --------------------------------------------------------------------------

const placeOf = ({ lesson, step, ticket }) => `${lesson} ${step} ${ticket}`;

function* partsOf(value) {
  if (typeof value !== "object" || value === null) return;
  yield value;
  for (const part of Object.values(value)) yield* partsOf(part);
}

const isInput = ({ id, type }) => typeof id === "string" && (OWN_INPUTS.includes(type) || String(type).startsWith("Input."));

// An activity as it came, its inputs filled in as the learner left them.
export function filled(activity) {
  const stamp = [...partsOf(activity.attachments)].find((part) => part.tutor?.lesson)?.tutor;
  if (!stamp) return activity;
  here = placeOf(stamp);
  if (message) note();
  const card = drafts.cards[stamp.lesson];
  if (card?.ticket < stamp.ticket) {
    delete drafts.cards[stamp.lesson]; // it was sent, or the learner went on without it
    store();
  }
  if (!card || placeOf(card) !== here) return activity;
  const mine = structuredClone(activity);
  for (const part of partsOf(mine.attachments)) {
    if (!isInput(part) || !(part.id in card.values)) continue;
    const value = card.values[part.id];
    part.value = part.type === "Input.Number" ? (value === "" ? undefined : Number(value)) : value;
  }
  return mine;
}

// The learner changed an input of a card.
export function change(input) {
  const stamp = input.getRootElement().getAllActions().map((action) => action.data?.tutor).find(Boolean);
  const value = Number.isNaN(input.value) ? "" : String(input.value ?? "");
  if (!stamp || !input.id || value.length > LONGEST) return;
  const { lesson, step, ticket } = stamp;
  const card = drafts.cards[lesson];
  if (card?.ticket > ticket) return; // a card of before, which takes no answer
  const values = card?.ticket === ticket ? card.values : {};
  drafts.cards[lesson] = { lesson, step, ticket, at: Date.now(), values: { ...values, [input.id]: value } };
  store();
}

// --- the message box ----------------------------------------------------------------

function note() {
  const text = message || [...underway.values()].at(-1);
  drafts.message = text && text.length <= LONGEST ? { at: Date.now(), place: here, text } : null;
  store();
}

export function write(text) {
  message = text;
  note();
}

export function post(id, { type, text }) {
  if (type !== "message" || !text) return;
  underway.set(id, text);
  note();
}

export function arrive(id) {
  if (underway.delete(id)) note();
}

// What was written at the step that is shown; nothing once something is in the box.
export function written() {
  const left = drafts.message;
  return left && left.place === here && !message ? left.text : "";
}
