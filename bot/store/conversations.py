"""Conversations as rows: an address, and all its activities in order."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, insert, or_, select, update

from bot.activity.address import Activity, Address, is_own_page, stored_surface, surface_doc
from bot.store import instances
from bot.store.statement import CompiledStatement
from bot.store.tables import activity, claim, conversation

# A client reads a history in parts, so that no part keeps everybody else waiting.
HISTORY = 30  # activities in a part
HISTORY_BYTES = 256 * 1024  # of their documents; one is given however long it is

Numbered = tuple[int, Activity]  # an activity and its place in the conversation

ADDRESS = ("learner", "reference", "surface", "is_open")  # what each activity renews
_HERE = conversation.c.id == bindparam("name")
_THERE = activity.c.conversation == bindparam("name")
HELD = CompiledStatement(
    select(conversation.c.seq, *(conversation.c[name] for name in ADDRESS))
    .where(_HERE)
    .with_for_update()
)
RENEWED = CompiledStatement(
    update(conversation).where(_HERE).values({n: bindparam(f"new_{n}") for n in ADDRESS})
)
NUMBERED = CompiledStatement(update(conversation).where(_HERE).values(seq=bindparam("last")))
SAID = CompiledStatement(insert(activity))
WAITING = CompiledStatement(
    select(activity.c.seq, activity.c.doc)
    .join(conversation, conversation.c.id == activity.c.conversation)
    .where(_THERE, activity.c.waiting, conversation.c.is_open)
    .order_by(activity.c.seq)
)
IS_WAITING = CompiledStatement(select(activity.c.seq).where(_THERE, activity.c.waiting).limit(1))
DELIVERED = CompiledStatement(
    update(activity).where(_THERE, activity.c.seq == bindparam("place")).values(waiting=False)
)
CLAIM = CompiledStatement(
    select(claim.c.first, claim.c.last).where(
        claim.c.conversation == bindparam("name"), claim.c.activity == bindparam("asked")
    )
)
CLAIMED = CompiledStatement(insert(claim))


def renew(db: Connection, outlet: Address, learner: str) -> tuple[int, bool]:
    """Make or renew an address, and hold its row: its last number, and if it was open before."""
    name, reference = outlet.conversation, orjson.dumps(outlet.reference).decode()
    told = (learner, reference, surface_doc(outlet.surface), True)
    row = HELD.row(db, name=name)
    if row is None:
        fresh = {"id": name, "channel": outlet.channel, "seq": 0, "slots": "{}"}
        db.execute(insert(conversation).values(**fresh, **dict(zip(ADDRESS, told, strict=True))))
        return 0, False
    seq, *known = row
    if tuple(known) != told:
        fresh_ones = {f"new_{n}": value for n, value in zip(ADDRESS, told, strict=True)}
        RENEWED.run(db, name=name, **fresh_ones)
    return int(seq), bool(known[-1])


def hold(db: Connection, name: str) -> tuple[Address, int, bool] | None:
    """An address as stored, its last number, and whether it is open; its row is held."""
    query = select(conversation).where(conversation.c.id == name).with_for_update()
    row = db.execute(query).first()
    if row is None:
        return None
    outlet = Address(name, json.loads(row.reference), stored_surface(row.surface))
    return outlet, int(row.seq), bool(row.is_open)


def append(
    db: Connection, name: str, activities: Sequence[Activity], seq: int, *, waiting: bool
) -> int:
    """Put activities behind the one with number `seq`; the last one's number."""
    if not activities:
        return seq
    last = seq + len(activities)
    NUMBERED.run(db, name=name, last=last)
    for n, one in enumerate(activities, 1):
        doc = orjson.dumps(one).decode()
        told = {"slot": None, "replaces": None, "form": 1}
        SAID.run(db, conversation=name, seq=seq + n, waiting=waiting, doc=doc, **told)
    # Another instance may hold a page's socket. To nobody else is it told: PostgreSQL commits
    # transactions that tell something one after the other.
    if is_own_page(name):
        instances.tell(db, name)
    return last


def history(db: Connection, name: str, after: int | None) -> list[Numbered]:
    """The next activities after a watermark, none when there are no more; without one the last."""
    query = select(activity.c.seq, activity.c.doc).where(activity.c.conversation == name)
    if after is not None:
        following = query.where(activity.c.seq > after).order_by(activity.c.seq)
        return _numbered(_part(db.execute(following.limit(HISTORY))))
    newest = query.order_by(activity.c.seq.desc()).limit(HISTORY)
    return _numbered(_part(db.execute(newest)))[::-1]


def _part(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The first of the rows, as many as make one part of a history."""
    size = 0
    for row in rows:
        size += len(row[1])
        if size > HISTORY_BYTES and size > len(row[1]):
            return
        yield row


# --- delivery -----------------------------------------------------------------------


def waiting(db: Connection, name: str) -> list[Numbered]:
    """The replies that are still to be delivered to an open address, in order."""
    return _numbered(WAITING.rows(db, name=name))


def is_waiting(db: Connection, name: str) -> bool:
    """Whether anything is still to be delivered."""
    return IS_WAITING.row(db, name=name) is not None


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


def close(db: Connection, name: str) -> None:
    """Give an address up until something comes in from there; its old replies are dropped."""
    db.execute(update(conversation).where(conversation.c.id == name).values(is_open=False))
    db.execute(update(activity).where(activity.c.conversation == name).values(waiting=False))


def leave(db: Connection, channel: str, place: str) -> None:
    """Give all addresses in one of a channel's conversations up: in a group, everybody's."""
    name = f"{channel}|{place}"
    query = select(conversation.c.id).where(
        or_(conversation.c.id == name, conversation.c.id.startswith(f"{name}|", autoescape=True))
    )
    for address in db.execute(query).scalars().all():
        close(db, address)


# --- messages that are replaced -----------------------------------------------------


def bind(db: Connection, name: str, slot: str, message: str | None) -> None:
    """Note which of the channel's messages the slot's next one replaces; None: it is a new one."""
    here = conversation.c.id == name
    told = db.execute(select(conversation.c.slots).where(here).with_for_update()).scalar()
    slots = {**json.loads(told or "{}"), slot: message}
    kept = json.dumps({key: value for key, value in slots.items() if value is not None})
    db.execute(update(conversation).where(here).values(slots=kept))


def bound(db: Connection, name: str, slot: str) -> str | None:
    """The channel's message that the slot's next one replaces."""
    told = db.execute(select(conversation.c.slots).where(conversation.c.id == name)).scalar()
    found = json.loads(told or "{}").get(slot)
    return found if isinstance(found, str) else None


def newest_card(db: Connection, name: str) -> Activity | None:
    """The last card that was said in a conversation."""
    return next((one for _, one in reversed(history(db, name, None)) if "attachments" in one), None)


# --- claims -------------------------------------------------------------------------


def keep_claim(db: Connection, name: str, activity_id: str, first: int, last: int) -> None:
    """Note that an activity was answered by those with the numbers `first` + 1 to `last`."""
    CLAIMED.run(db, conversation=name, activity=activity_id, first=first, last=last)


def stretch_claim(db: Connection, name: str, activity_id: str, last: int) -> None:
    """Count what was answered a little later in."""
    here = (claim.c.conversation == name, claim.c.activity == activity_id)
    db.execute(update(claim).where(*here).values(last=last))


def claimed(db: Connection, name: str, activity_id: str) -> list[Activity] | None:
    """What an activity was answered when it came before; None when it never did."""
    row = CLAIM.row(db, name=name, asked=activity_id)
    if row is None:
        return None
    first, last = row
    docs = select(activity.c.seq, activity.c.doc).where(
        activity.c.conversation == name, activity.c.seq > first, activity.c.seq <= last
    )
    return [one for _, one in _numbered(db.execute(docs.order_by(activity.c.seq)))]


def _numbered(rows: Iterable[Sequence[Any]]) -> list[Numbered]:
    return [(int(seq), orjson.loads(doc)) for seq, doc in rows]
