"""The durable turn: one synchronous function inside one transaction."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from secrets import randbelow, token_hex
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from bot import tables
from bot.links import Address
from bot.parse import Inbound, Party
from cards import Surface, render
from dialogs.events import Arrived, Computed, Due, Event
from dialogs.facts import Fact
from dialogs.lobby import Tutor
from dialogs.personas import Evaluation, Training
from dialogs.progress import Learner, Progress
from dialogs.turn import At, Compute, Exchange, Result

FACTS: TypeAdapter[Fact] = TypeAdapter(Fact)
KEPT_RESULTS = 2000  # parsed results in memory

Activity = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """What a turn left behind: its activities in order, and recipes to be cooked."""

    conversation: str
    activities: tuple[Activity, ...] = ()
    orders: tuple[str, ...] = ()
    repeated: bool = False


@dataclass
class Turns:
    """Turns an activity, a result or a time into a stored answer.

    The methods run on a store thread inside a transaction and hold no state but a cache
    of immutable results.
    """

    tutor: Tutor
    address: Address
    _results: "OrderedDict[str, Result]" = field(default_factory=OrderedDict)

    def take(self, db: Connection, inbound: Inbound, now: datetime) -> Taken:
        """Answer an activity, once: one that was taken before gives its stored replies."""
        if inbound.id is not None:
            held = self._claimed(db, inbound)
            if held is not None:
                return held
        learner_id = inbound.learner or self.identify(db, inbound.party)
        learner, version = self._learner(db, learner_id)
        seq, met_before = self._conversation(db, inbound, learner_id)
        if inbound.event is None:
            self._claim(db, inbound, seq, seq)
            return Taken(inbound.conversation)
        exchange = self._converse(db, learner, inbound.event, now)
        if not met_before and not exchange.replies:
            # Nothing was seen here, or what was said was lost: show where the learner is.
            anew = exchange.learner.model_copy(update={"greeted": False})
            exchange = self._converse(db, anew, Arrived(), now)
        taken = self._keep(db, learner, version, exchange, inbound, seq, now)
        self._claim(db, inbound, seq, seq + len(taken.activities))
        return taken

    def take_later(
        self,
        db: Connection,
        conversation: str,
        learner_id: str,
        event: Computed | Due,
        now: datetime,
    ) -> Taken:
        """Answer what time or a worker brought, at the conversation that it was asked in."""
        table = tables.conversation
        learner, version = self._learner(db, learner_id)
        query = select(table).where(table.c.id == conversation).with_for_update()
        row = db.execute(query).mappings().first()
        if row is None:
            return Taken(conversation)
        inbound = _outlet(dict(row), event)
        exchange = self._converse(db, learner, event, now)
        return self._keep(db, learner, version, exchange, inbound, int(row["seq"]), now)

    def identify(self, db: Connection, party: Party) -> str:
        """Our own id of who wrote; a new learner for somebody new."""
        table = tables.identity
        query = select(table.c.learner).where(
            table.c.channel == party.channel,
            table.c.tenant == party.tenant,
            table.c.external == party.external,
        )
        found = db.execute(query).scalar()
        if found is not None:
            return str(found)
        learner = self.enrol(db)
        db.execute(
            insert(table).values(
                channel=party.channel,
                tenant=party.tenant,
                external=party.external,
                learner=learner,
            )
        )
        return learner

    def enrol(self, db: Connection) -> str:
        """Make a new learner."""
        learner = Learner(id=token_hex(12), seed=randbelow(2**31))
        doc = learner.model_dump_json(exclude={"progress"})
        db.execute(insert(tables.learner).values(id=learner.id, version=0, doc=doc))
        return learner.id

    def gate(self, db: Connection, learner_id: str) -> None:
        """Wait for the learner's row, which every turn locks first: two can't wait for each other.

        What is read after it is what the last turn left, also of another instance.
        """
        table = tables.learner
        db.execute(select(table.c.id).where(table.c.id == learner_id).with_for_update())

    # --- reading --------------------------------------------------------------------

    def learner(self, db: Connection, learner_id: str) -> Learner | None:
        """A learner as stored; None when there is none of this id."""
        known = db.execute(
            select(tables.learner.c.id).where(tables.learner.c.id == learner_id)
        ).scalar()
        return self._learner(db, learner_id)[0] if known else None

    def _learner(self, db: Connection, learner_id: str) -> tuple[Learner, int]:
        # The row's lock is the gate: a learner's turns run one after the other.
        table = tables.learner
        row = db.execute(select(table).where(table.c.id == learner_id).with_for_update()).one()
        docs = db.execute(
            select(tables.progress.c.lesson, tables.progress.c.doc).where(
                tables.progress.c.learner == learner_id
            )
        )
        progress = {lesson: Progress.model_validate_json(doc) for lesson, doc in docs}
        learner = Learner.model_validate_json(row.doc)
        return learner.model_copy(update={"progress": progress}), row.version

    def results(self, db: Connection, keys: Iterable[str]) -> Mapping[str, Result]:
        """The results of these keys, as far as they are there."""
        wanted = set(keys)
        found = {k: self._results[k] for k in wanted if k in self._results}
        missing = wanted - set(found)
        if missing:
            table = tables.result
            for row in db.execute(select(table).where(table.c.key.in_(missing))):
                kind = Training if row.kind == "training" else Evaluation
                found[row.key] = self._results[row.key] = kind.model_validate_json(row.doc)
            while len(self._results) > KEPT_RESULTS:
                self._results.popitem(last=False)
        return found

    def _converse(self, db: Connection, learner: Learner, event: Event, now: datetime) -> Exchange:
        keys = {k for p in learner.progress.values() for k in p.keys}
        if isinstance(event, Computed):
            keys.add(event.key)
        return self.tutor.converse(learner, event, now, self.results(db, keys))

    def _claimed(self, db: Connection, inbound: Inbound) -> Taken | None:
        table, kept = tables.claim, tables.activity
        query = select(table).where(
            table.c.conversation == inbound.conversation, table.c.activity == inbound.id
        )
        row = db.execute(query).first()
        if row is None:
            return None
        docs = db.execute(
            select(kept.c.doc)
            .where(
                kept.c.conversation == inbound.conversation,
                kept.c.seq > row.first,
                kept.c.seq <= row.last,
            )
            .order_by(kept.c.seq)
        ).scalars()
        activities = tuple(json.loads(doc) for doc in docs)
        return Taken(inbound.conversation, activities, repeated=True)

    # --- writing --------------------------------------------------------------------

    def _claim(self, db: Connection, inbound: Inbound, first: int, last: int) -> None:
        if inbound.id is not None:
            db.execute(
                insert(tables.claim).values(
                    conversation=inbound.conversation, activity=inbound.id, first=first, last=last
                )
            )

    def _conversation(self, db: Connection, inbound: Inbound, learner: str) -> tuple[int, bool]:
        """Make or renew the address; its last number, and whether it was open before."""
        table = tables.conversation
        query = select(table).where(table.c.id == inbound.conversation).with_for_update()
        row = db.execute(query).first()
        values = {
            "reference": json.dumps(inbound.reference),
            "surface": _surface_doc(inbound.surface),
            "learner": learner,
            # What needs no answer, such as our own removal, opens nothing.
            "is_open": inbound.event is not None or bool(row and row.is_open),
        }
        if row is None:
            fresh = {"id": inbound.conversation, "channel": inbound.party.channel, "seq": 0}
            db.execute(insert(table).values(**fresh, **values))
            return 0, False
        db.execute(update(table).where(table.c.id == inbound.conversation).values(**values))
        return int(row.seq), bool(row.is_open)

    def _keep(  # noqa: PLR0913, PLR0917 (the parts of one turn)
        self,
        db: Connection,
        before: Learner,
        version: int,
        exchange: Exchange,
        inbound: Inbound,
        seq: int,
        now: datetime,
    ) -> Taken:
        after = exchange.learner
        self._keep_learner(db, before, after, version, exchange.facts)
        links = self.address.links(after.id)
        drawn = render(exchange.replies, inbound.surface, links)
        made = [finished(a, inbound, seq + n, now) for n, a in enumerate(drawn, 1)]
        append(db, inbound.conversation, made, seq, waiting=not inbound.expects_replies)
        orders = []
        for later in exchange.later:
            match later:
                case At():
                    self._keep_time(db, after.id, inbound.conversation, later)
                case Compute():
                    self._keep_order(db, after.id, inbound.conversation, later)
                    orders.append(later.key)
        return Taken(inbound.conversation, tuple(made), tuple(orders))

    def _keep_learner(
        self,
        db: Connection,
        before: Learner,
        after: Learner,
        version: int,
        facts: Sequence[Fact],
    ) -> None:
        table = tables.learner
        written = db.execute(
            update(table)
            .where(table.c.id == after.id, table.c.version == version)
            .values(version=version + 1, doc=after.model_dump_json(exclude={"progress"}))
        )
        if written.rowcount != 1:
            msg = f"learner {sha256(after.id.encode()).hexdigest()[:8]} was saved by two turns"
            raise RuntimeError(msg)
        kept = tables.progress
        for lesson, progress in after.progress.items():
            if before.progress.get(lesson) == progress:
                continue
            here = (kept.c.learner == after.id, kept.c.lesson == lesson)
            doc = progress.model_dump_json(exclude_defaults=True)
            if lesson in before.progress:
                db.execute(update(kept).where(*here).values(doc=doc))
            else:
                db.execute(insert(kept).values(learner=after.id, lesson=lesson, doc=doc))
        if facts:
            rows = [
                {
                    "learner": after.id,
                    "version": version + 1,
                    "place": place,
                    "kind": fact.kind,
                    "doc": FACTS.dump_json(fact).decode(),
                }
                for place, fact in enumerate(facts)
            ]
            db.execute(insert(tables.fact), rows)

    def _keep_time(self, db: Connection, learner: str, conversation: str, at: At) -> None:
        table = tables.later
        db.execute(delete(table).where(table.c.learner == learner, table.c.name == at.key))
        db.execute(
            insert(table).values(
                learner=learner,
                name=at.key,
                conversation=conversation,
                due=at.time.timestamp(),
                event=at.event.model_dump_json(),
            )
        )

    def _keep_order(self, db: Connection, learner: str, conversation: str, order: Compute) -> None:
        table = tables.order
        here = (
            table.c.learner == learner,
            table.c.key == order.key,
            table.c.step == order.step,
        )
        db.execute(delete(table).where(*here))
        db.execute(
            insert(table).values(
                learner=learner,
                key=order.key,
                step=order.step,
                conversation=conversation,
                lesson=order.lesson,
                run=order.run,
                recipe=order.recipe.model_dump_json(),
            )
        )


def extend(db: Connection, inbound: Inbound, last: int) -> None:
    """Count the activities up to the number `last` among an activity's stored replies."""
    table = tables.claim
    here = (table.c.conversation == inbound.conversation, table.c.activity == inbound.id)
    db.execute(update(table).where(*here, table.c.last < last).values(last=last))


def append(
    db: Connection, conversation: str, activities: Sequence[Activity], seq: int, *, waiting: bool
) -> None:
    """Put finished activities behind the last one, `seq`, of a conversation."""
    if not activities:
        return
    table = tables.conversation
    last = seq + len(activities)
    db.execute(update(table).where(table.c.id == conversation).values(seq=last))
    rows = [
        {"conversation": conversation, "seq": seq + n, "waiting": waiting, "doc": json.dumps(a)}
        for n, a in enumerate(activities, 1)
    ]
    db.execute(insert(tables.activity), rows)


def finished(drawn: Mapping[str, object], inbound: Inbound, seq: int, now: datetime) -> Activity:
    """Give a drawn activity its address: from whom, to whom, in reply to what."""
    reference = inbound.reference
    activity: Activity = {
        "type": "message",
        **drawn,
        "id": f"{inbound.conversation}|{seq:07d}",
        "timestamp": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "channelId": reference["channelId"],
        "serviceUrl": reference["serviceUrl"],
        "conversation": reference["conversation"],
        "from": reference["bot"],
        "recipient": reference["user"],
        "locale": inbound.surface.locale,
    }
    if inbound.id is not None:
        activity["replyToId"] = inbound.id
    return activity


def _surface_doc(surface: Surface) -> str:
    return json.dumps(
        {
            "elements": sorted(surface.elements),
            "cards": surface.cards,
            "updates": surface.updates,
            "locale": surface.locale,
        }
    )


def _outlet(row: Mapping[str, Any], event: Computed | Due) -> Inbound:
    """The address of a conversation, as if something had come in there."""
    reference = json.loads(row["reference"])
    surface = json.loads(row["surface"])
    return Inbound(
        id=None,
        party=Party(row["channel"], "", ""),
        conversation=row["id"],
        reference=reference,
        surface=Surface(
            elements=frozenset(surface["elements"]),
            cards=surface["cards"],
            updates=surface["updates"],
            locale=surface["locale"],
        ),
        event=event,
        expects_replies=False,
        is_invoke=False,
    )
