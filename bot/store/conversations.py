"""Conversations as rows: an address, and all its activities in order."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from bot.activity.address import Activity, Address, stored_surface, surface_doc
from bot.activity.conversation_key import ConversationKey, is_own_page
from bot.store import instances, set_aside
from bot.store.set_aside import Unread
from bot.store.statement import Asked, CompiledStatement
from bot.store.tables import activity, claim, conversation

FORM = 1  # of activities: another one, when what is stored of them isn't what is sent
# A client reads a history in parts, so that no part keeps everybody else waiting.
PLACE = (
    "webchat:sequence-id"  # in an activity's channelData: where it is shown, if not at its number
)
LAST = 2**62  # no activity's place
HISTORY = 30  # activities in a part
HISTORY_BYTES = 256 * 1024  # of their documents; one is given however long it is

Numbered = tuple[int, Activity]  # an activity and its place in the conversation


@dataclass(frozen=True)
class StoredActivity:
    """An activity at its place in the conversation.

    The next one with the same `slot` stands in its place; `replaces` names the channel's message
    that this one stands in place of.
    """

    seq: int
    activity: Activity
    slot: str | None = None
    replaces: str | None = None


NOBODY = ""  # whose a conversation is that somebody had who was deleted
LONGEST_KEY = 500  # characters, as the column's
THREAD = ";messageid="  # stands in Teams between a channel's id and its thread's
ADDRESS = ("learner", "reference", "surface", "is_open")  # what each activity renews
_HERE = conversation.c.id == bindparam("name")
_THERE = activity.c.conversation == bindparam("name")
HELD = CompiledStatement(
    select(conversation.c.seq, conversation.c.heard, *(conversation.c[name] for name in ADDRESS))
    .where(_HERE)
    .with_for_update()
)
HELD_WHOLE = CompiledStatement(
    select(
        conversation.c.reference, conversation.c.surface, conversation.c.seq, conversation.c.is_open
    )
    .where(_HERE)
    .with_for_update()
)
SLOTS = CompiledStatement(select(conversation.c.slots).where(_HERE))
SLOTS_HELD = CompiledStatement(select(conversation.c.slots).where(_HERE).with_for_update())
BOUND = CompiledStatement(update(conversation).where(_HERE).values(slots=bindparam("slots_now")))
RENEWED = CompiledStatement(
    update(conversation).where(_HERE).values({n: bindparam(f"new_{n}") for n in ADDRESS})
)
NUMBERED = CompiledStatement(
    update(conversation)
    .where(_HERE)
    .values(
        seq=bindparam("last"),
        bytes=conversation.c.bytes + bindparam("more"),
        heard=bindparam("told"),
    )
)
SAID = CompiledStatement(insert(activity))
WAITING = CompiledStatement(
    select(activity.c.seq, activity.c.doc, activity.c.slot, activity.c.replaces)
    .join(conversation, conversation.c.id == activity.c.conversation)
    .where(_THERE, activity.c.waiting, activity.c.form <= FORM, conversation.c.is_open)
    .order_by(activity.c.seq)
)
IS_WAITING = CompiledStatement(
    select(activity.c.seq)
    .where(_THERE, activity.c.waiting, activity.c.seq > bindparam("after"))
    .limit(1)
)
DELIVERED = CompiledStatement(
    update(activity).where(_THERE, activity.c.seq == bindparam("place")).values(waiting=False)
)
CLAIM = CompiledStatement(
    select(claim.c.first, claim.c.last).where(
        claim.c.conversation == bindparam("name"), claim.c.activity == bindparam("asked")
    )
)
CLAIMED = CompiledStatement(insert(claim))


def ask(db: Connection, name: str) -> Asked:
    """Ask for a conversation's row, which is locked."""
    return HELD.ask(db, name=name)


@dataclass(frozen=True)
class Known:
    """What is known of an address: its last number, if it was open, what was heard there last."""

    seq: int = 0
    is_open: bool = False
    heard: str | None = None


def renew(db: Connection, outlet: Address, learner: str, asked: Asked) -> Known:
    """Make or renew an address that was asked for; what was known of it before."""
    name, reference = outlet.conversation, orjson.dumps(outlet.reference).decode()
    told = (learner, reference, surface_doc(outlet.surface), True)
    row = asked.row()
    if row is None:
        fresh = {"id": name, "channel": outlet.channel, "seq": 0, "slots": "{}"}
        db.execute(insert(conversation).values(**fresh, **dict(zip(ADDRESS, told, strict=True))))
        return Known()
    seq, heard, *known = row
    if tuple(known) != told:
        fresh_ones = {f"new_{n}": value for n, value in zip(ADDRESS, told, strict=True)}
        RENEWED.run(db, name=name, **fresh_ones)
    return Known(int(seq), bool(known[-1]), heard)


def hold(db: Connection, name: str) -> tuple[Address, int, bool] | None:
    """An address as stored, its last number, and whether it is open; its row is held."""
    row = HELD_WHOLE.row(db, name=name)
    if row is None:
        return None
    reference, surface, seq, is_open = row
    return Address(name, orjson.loads(reference), stored_surface(surface)), int(seq), bool(is_open)


def append(
    db: Connection,
    name: str,
    activities: Sequence[StoredActivity],
    *,
    waiting: bool,
    heard: str | None = None,
) -> int:
    """Put activities behind the last one; their numbers follow on its. How many bytes these are.

    What is said on the own page never waits: the page fetches it; there an activity takes the place
    of the one before it in its slot. `heard` is the digest of what they answer, where it may come
    once more.
    """
    if not activities:
        return 0
    docs = [orjson.dumps(one.activity) for one in activities]
    size, now = sum(map(len, docs)), time.time()
    slots = [one.slot for one in activities if one.slot is not None]
    freed = _replaced(db, name, slots) if slots and is_own_page(name) else 0
    NUMBERED.run(db, name=name, last=activities[-1].seq, more=size - freed, told=heard)
    SAID.run_each(
        db,
        [
            {
                "conversation": name,
                "seq": one.seq,
                "waiting": waiting and not is_own_page(name),
                "slot": one.slot,
                "replaces": one.replaces,
                "doc": doc.decode(),
                "form": FORM,
                "at": now,
            }
            for one, doc in zip(activities, docs, strict=True)
        ],
    )
    # Another instance may hold a page's socket. To nobody else is it told: PostgreSQL commits
    # transactions that tell something one after the other.
    if is_own_page(name):
        instances.tell(db, name)
    return size


def place(db: Connection, name: str, slot: str) -> int | None:
    """Where in an own page's conversation the activity of a slot is shown; None: there is none."""
    query = select(activity.c.seq, activity.c.doc)
    rows = db.execute(query.where(activity.c.conversation == name, activity.c.slot == slot))
    return next((one.get("channelData", {}).get(PLACE, seq) for seq, one in _numbered(rows)), None)


def _replaced(db: Connection, name: str, slots: Sequence[str]) -> int:
    """Delete what stood in these slots; the bytes that it took."""
    there = (activity.c.conversation == name, activity.c.slot.in_(slots))
    size = sum(
        stored_size(doc) for doc in db.execute(select(activity.c.doc).where(*there)).scalars()
    )
    db.execute(delete(activity).where(*there))
    return size


def stored_size(doc: str) -> int:
    """The bytes that a document takes."""
    return len(doc) if doc.isascii() else len(doc.encode())


def history(db: Connection, name: str, after: int | None) -> list[Numbered]:
    """The next activities after a watermark, none when there are no more; without one the last."""
    query = select(activity.c.seq, activity.c.doc).where(activity.c.conversation == name)
    if after is not None:
        following = query.where(activity.c.seq > after).order_by(activity.c.seq)
        return _numbered(_part(db.execute(following.limit(HISTORY))))
    return earlier(db, name, LAST)


def earlier(db: Connection, name: str, before: int) -> list[Numbered]:
    """The last activities before one of the conversation's, none when there are no more."""
    here = (activity.c.conversation == name, activity.c.seq < before)
    query = select(activity.c.seq, activity.c.doc).where(*here).order_by(activity.c.seq.desc())
    return _numbered(_part(db.execute(query.limit(HISTORY))))[::-1]


def _part(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The first of the rows, as many as make one part of a history."""
    size = 0
    for row in rows:
        own = stored_size(row[1])
        size += own
        if size > HISTORY_BYTES and size > own:
            return
        yield row


# --- delivery -----------------------------------------------------------------------


def waiting(db: Connection, name: str) -> list[StoredActivity]:
    """The replies that are still to be delivered to an open address, in order."""
    found = []
    for seq, doc, slot, replaces in WAITING.rows(db, name=name):
        known = _read(doc)
        if known is None or not _can_be_sent(known):
            _set_aside(db, name, int(seq), doc)
        else:
            found.append(StoredActivity(int(seq), known, slot, replaces))
    return found


def is_waiting(db: Connection, name: str, after: int = 0) -> bool:
    """Whether anything after a number is still to be delivered."""
    return IS_WAITING.row(db, name=name, after=after) is not None


def all_waiting(db: Connection) -> list[str]:
    """The conversations that have something to be delivered."""
    query = select(activity.c.conversation).where(activity.c.waiting).distinct()
    return [str(name) for name in db.execute(query).scalars()]


def delivered(db: Connection, name: str, places: Sequence[int]) -> None:
    """Note that the replies with these numbers have arrived."""
    all_delivered(db, [(name, place) for place in places])


def all_delivered(db: Connection, arrived: Iterable[tuple[str, int]]) -> None:
    """Note that replies have arrived, each by its conversation and number."""
    DELIVERED.run_each(db, ({"name": name, "place": place} for name, place in arrived))


def part(db: Connection, outlet: Address, seq: int) -> None:
    """Keep the address of somebody who was deleted until they got the last word, and no longer."""
    renew(db, outlet, NOBODY, ask(db, outlet.conversation))
    NUMBERED.run(db, name=outlet.conversation, last=seq, more=0, told=None)


def parted(db: Connection) -> list[str]:
    """The addresses of those who were deleted, where nothing is to be delivered any more."""
    query = select(conversation.c.id).where(conversation.c.learner == NOBODY)
    names = [str(name) for name in db.execute(query).scalars()]
    return [name for name in names if is_own_page(name) or not is_waiting(db, name)]


def forget(db: Connection, names: Iterable[str]) -> None:
    """Delete addresses with all that was said there, unless somebody has written from there."""
    for name in names:
        here = (conversation.c.id == name, conversation.c.learner == NOBODY)
        if db.execute(delete(conversation).where(*here)).rowcount:
            for table in (activity, claim):
                db.execute(delete(table).where(table.c.conversation == name))


def close(db: Connection, name: str) -> None:
    """Give an address up until something comes in from there; its old replies are dropped."""
    db.execute(update(conversation).where(conversation.c.id == name).values(is_open=False))
    db.execute(update(activity).where(activity.c.conversation == name).values(waiting=False))


def leave(db: Connection, left: ConversationKey) -> None:
    """Give all addresses in one of a channel's conversations up: in a group, everybody's.

    A channel of Teams is left with its threads, which are conversations of their own.
    """
    alone = str(ConversationKey(left.channel, left.conversation))
    within = (
        conversation.c.id.startswith(start, autoescape=True)
        for start in (left.before_users, f"{alone}{THREAD}")
    )
    query = select(conversation.c.id).where(or_(conversation.c.id == alone, *within))
    for address in db.execute(query).scalars().all():
        close(db, address)


# --- messages that are replaced -----------------------------------------------------


def bind(db: Connection, name: str, slot: str, message: str | None) -> None:
    """Note which of the channel's messages the slot's next one replaces; None: it is a new one."""
    row = SLOTS_HELD.row(db, name=name)
    if row is None:
        return
    slots = {**json.loads(row[0] or "{}"), slot: message}
    kept = json.dumps({key: value for key, value in slots.items() if value is not None})
    BOUND.run(db, name=name, slots_now=kept)


def bound(db: Connection, name: str, slot: str) -> str | None:
    """The channel's message that the slot's next one replaces."""
    row = SLOTS.row(db, name=name)
    found = json.loads((row and row[0]) or "{}").get(slot)
    return found if isinstance(found, str) else None


def newest_cards(db: Connection, name: str) -> Iterator[Activity]:
    """The last cards that were said in a conversation, the newest first."""
    return (one for _, one in reversed(history(db, name, None)) if "attachments" in one)


def shown_in(db: Connection, name: str, message: str) -> Activity | None:
    """The card that a message of the channel's shows now, as far as we know: else the newest."""
    query = select(activity.c.seq, activity.c.doc).where(
        activity.c.conversation == name, activity.c.replaces == message
    )
    last = _numbered(db.execute(query.order_by(activity.c.seq.desc()).limit(1)))
    return last[0][1] if last else next(newest_cards(db, name), None)


# --- claims -------------------------------------------------------------------------


def keep_claim(db: Connection, name: str, activity_id: str, first: int, last: int) -> None:
    """Note that an activity was answered by those with the numbers `first` + 1 to `last`."""
    CLAIMED.run(db, conversation=name, activity=activity_id, first=first, last=last)


def stretch_claim(db: Connection, name: str, activity_id: str, last: int) -> None:
    """Count what was answered a little later in."""
    here = (claim.c.conversation == name, claim.c.activity == activity_id)
    db.execute(update(claim).where(*here).values(last=last))


def ask_claim(db: Connection, name: str, activity_id: str) -> Asked:
    """Ask whether an activity came before."""
    return CLAIM.ask(db, name=name, asked=activity_id)


def claimed(db: Connection, name: str, asked: Asked) -> list[Activity] | None:
    """What an activity was answered when it came before; None when it never did."""
    row = asked.row()
    if row is None:
        return None
    first, last = row
    docs = select(activity.c.seq, activity.c.doc).where(
        activity.c.conversation == name, activity.c.seq > first, activity.c.seq <= last
    )
    return [one for _, one in _numbered(db.execute(docs.order_by(activity.c.seq)))]


def _numbered(rows: Iterable[Sequence[Any]]) -> list[Numbered]:
    """The activities of rows; those that can't be read are left out."""
    read = ((int(seq), _read(doc)) for seq, doc in rows)
    return [(seq, one) for seq, one in read if one is not None]


def _read(doc: str) -> Activity | None:
    try:
        found = orjson.loads(doc)
    except ValueError:
        return None
    is_one = isinstance(found, dict) and all(isinstance(found.get(n), str) for n in ("type", "id"))
    return found if is_one else None


def _can_be_sent(one: Activity) -> bool:
    """Whether it says where to."""
    there = one.get("conversation")
    return isinstance(there, dict) and "id" in there and isinstance(one.get("serviceUrl"), str)


def _set_aside(db: Connection, name: str, seq: int, doc: str) -> None:
    """Keep a reply that can't be sent, so that the later ones are."""
    owner = select(conversation.c.learner).where(conversation.c.id == name)
    unread = Unread(activity.name, f"{name} {seq}"[-LONGEST_KEY:], doc, FORM)
    reason = "a stored activity can't be read"
    set_aside.keep(db, str(db.execute(owner).scalar()), unread, reason)
    db.execute(delete(activity).where(activity.c.conversation == name, activity.c.seq == seq))
