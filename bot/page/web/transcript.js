// What Web Chat shows of what was said: the step that the learner is at as one card, which changes in place, and the
// steps of each phase that were left as one message of lines, each of which draws what was said there when it is opened.
// Web Chat looks at every message whenever one comes: a whole lesson is a few of them.
import * as drafts from "./drafts.js";
import { stand } from "./header.js";
import { readable } from "./readable.js";

const CARD = "application/vnd.microsoft.card.adaptive";
const steps = new Map(); // each step's newest card, by the step; and what else was said there
const pending = new Set(); // what was sent and isn't echoed yet: Web Chat waits for it
const shown = new Map(); // what is shown beside the steps' cards, by its id
let here = null; // the step whose card is the newest
let loose = null; // the newest card that puts no step: one before it can't be pressed any more
let first = Infinity; // the number of the oldest activity that was loaded

const placeOf = ({ channelData, timestamp }) => channelData?.["webchat:sequence-id"] ?? Date.parse(timestamp);
const incoming = (activity) => ({ type: "DIRECT_LINE/INCOMING_ACTIVITY", payload: { activity } });
const removed = ({ id }) => ({ type: "DIRECT_LINE/DELETE_ACTIVITY", payload: { activityID: id } });
const contentOf = ({ attachments }) => attachments?.find(({ contentType }) => contentType === CARD)?.content;

export function sent(clientActivityID) {
  pending.add(clientActivityID);
}

// Where what is loaded of the conversation begins.
export function beginning() {
  return first;
}

// Whether the card of the step at which the newest was said isn't loaded yet.
export function isCut() {
  return !here && steps.size > 0;
}

function known(id) {
  if (!steps.has(id)) steps.set(id, { id, card: null, said: [] });
  return steps.get(id);
}

// The changes of what is shown that an activity makes, in order.
export function changes(activity) {
  const { at, step, clientActivityID } = activity.channelData ?? {};
  if (activity.type !== "message") return [incoming(activity)];
  first = Math.min(first, activity.channelData?.number ?? Infinity);
  if (step) return put({ ...activity, id: step.id });
  if (!at) return [incoming(drafts.filled(activity))];
  const there = known(at);
  if (!there.said.some(({ id }) => id === activity.id)) {
    there.said.push(activity);
    there.said.sort((one, other) => placeOf(one) - placeOf(other));
  }
  const awaited = pending.delete(clientActivityID);
  if (isLeft(activity) && !awaited) return [];
  shown.set(activity.id, activity);
  const changed = [incoming(drafts.filled(activity))];
  if (contentOf(activity)) {
    changed.push(...closed());
    loose = activity;
  }
  return changed;
}

function put(activity) {
  const there = known(activity.id);
  const left = here;
  const isInPlace = there === here && placeOf(activity) === placeOf(there.card);
  const isBack = there.card && there !== here;
  there.card = activity;
  if (left && left !== there && placeOf(activity) < placeOf(left.card)) return [folded(phaseOf(there))];
  here = there;
  stand(activity.channelData.step);
  const changed = [incoming(drafts.filled(activity))];
  if (isInPlace) return changed; // what it goes along with comes below
  if (isBack) changed.unshift(folded(phaseOf(there)));
  changed.push(...closed());
  for (const one of [...shown.values()].filter(isLeft)) {
    shown.delete(one.id);
    changed.push(removed(one));
  }
  if (left && left !== here) changed.unshift(removed(left), folded(phaseOf(left)));
  return changed;
}

// The lesson and the title of the phase of a step; the first and the last step of a lesson are in none.
function phaseOf({ id, card: { channelData } }) {
  const part = channelData.step.bar?.parts.find(({ state }) => state === "here");
  return `${id.split(" ")[0]} ${part?.title ?? ""}`;
}

// The message of a phase's steps that were left, where its first one was; there may be none.
function folded(phase) {
  const id = `left ${phase}`;
  const lines = [...steps.values()].filter((one) => one.card && one !== here && phaseOf(one) === phase);
  if (!lines.length) return removed({ id });
  lines.sort((one, other) => placeOf(one.card) - placeOf(other.card));
  const content = { type: "AdaptiveCard", version: "1.3", speak: lines.at(-1).card.channelData.step.title, body: lines.map(line) };
  return incoming({ ...card(lines[0].card, content), id });
}

// Whether it was said at another step, before the one that is shown.
function isLeft(activity) {
  return Boolean(here) && activity.channelData.at !== here.id && placeOf(activity) < placeOf(here.card);
}

// The card that stands beside the newest one, to be read.
function closed() {
  const before = loose;
  loose = null;
  return before && shown.has(before.id) ? [incoming(card(before, readable(contentOf(before))))] : [];
}

function card(activity, content) {
  const { suggestedActions, ...rest } = activity;
  return { ...rest, attachments: [{ contentType: CARD, content }] };
}

function line({ card: newest, said }) {
  const { title, done, result } = newest.channelData.step;
  return { type: "Tutor.Step", spacing: "None", title, done, result, card: contentOf(newest), said };
}
