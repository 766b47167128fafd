"""The durable turn: one synchronous function inside one transaction."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert

from bot.activity.address import Activity, Address
from bot.activity.conversation_key import is_own_page
from bot.activity.inbound import Inbound, KnownLearner
from bot.activity.links import Signer
from bot.errors import SignedOutError
from bot.logs import pseudonym
from bot.operations.turn_log import Note, noted
from bot.records.issuing import Issuer
from bot.store import computations, conversations, credentials, facts, learners, set_aside
from bot.store.after_commit import after_commit
from bot.store.conversations import StoredActivity
from bot.store.facts import FactReader, StoredFact
from bot.store.learners import LearnerCache, LockedLearner
from bot.store.set_aside import Unread
from bot.store.statement import Asked, CompiledStatement
from bot.store.tables import later
from bot.turns.errands import Errands
from cards import Drawn, as_it_stays, render
from content.stored import NewerFormError, UnreadableError
from content.strings import TutorStrings
from dialogs.tutor import NOBODYS, Tutor
from dialogs.values import versions
from dialogs.values.events import (
    Arrived,
    Brought,
    Computed,
    Due,
    Edited,
    Event,
    Installed,
    Reminder,
    Typed,
)
from dialogs.values.outcomes import Outcome
from dialogs.values.progress import Learner
from dialogs.values.replies import Block, Details, Download, Message, Reply, Text
from dialogs.values.turn import At, Compute, Discard, LearnerTurn

WAIT = timedelta(hours=1)  # before it is looked again whether a closed conversation is open

TAKEN = CompiledStatement(
    delete(later)
    .where(
        later.c.learner == bindparam("who"),
        later.c.name == bindparam("which"),
        later.c.due <= bindparam("now"),
    )
    .returning(later.c.conversation, later.c.event, later.c.form)
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredTurn:
    """What a turn left behind: its activities in order, and the recipes to be computed.

    `learner` is who waits for the computations. `waiting` are those activities that are to be
    delivered; `owed`: others were waiting before. `is_gone`: so is the conversation, with all that
    was said there. `size` is what was stored, in bytes.
    """

    conversation: str
    activities: tuple[Activity, ...] = ()
    computations: tuple[str, ...] = ()
    learner: str = ""
    repeated: bool = False
    note: Note | None = None
    waiting: tuple[StoredActivity, ...] = ()
    owed: bool = False
    is_gone: bool = False
    size: int = 0


@dataclass(frozen=True)
class Turns:
    """Turns an activity, a result or a time into a stored answer.

    The methods run on a store thread inside a transaction. Rows are always locked in the same
    order: the learner's, then the conversation's. `readers` are given the facts of each turn
    that has any, inside its transaction, when they are stored. `issuer` vouches for certificates.
    `hosts` may host by typing it in Teams.
    """

    tutor: Tutor
    address: Signer
    readers: Sequence[FactReader] = ()
    issuer: Issuer = field(default_factory=Issuer)
    hosts: frozenset[str] = frozenset()
    results: computations.Results = field(default_factory=computations.Results)
    learners: LearnerCache = field(default_factory=LearnerCache)

    def on_activity(self, db: Connection, inbound: Inbound, now: datetime) -> StoredTurn:
        """Answer an activity, once: one that was taken before gives its stored replies.

        Raises SignedOutError.
        """
        name, who = inbound.conversation, inbound.who
        # All that a turn reads is asked for at once: the learner's row is locked first.
        asked_learner = learners.ask(db, who)
        asked_claim = conversations.ask_claim(db, name, inbound.id) if inbound.id else None
        asked_address = conversations.ask(db, name)
        asked_session = _ask_session(db, inbound)
        if asked_session and asked_session.row() is None:
            raise SignedOutError
        locked = learners.lock_asked(db, who, asked_learner, self.learners, self.tutor)
        said = conversations.claimed(db, name, asked_claim) if asked_claim else None
        if said is not None:
            return StoredTurn(name, tuple(said), repeated=True)
        learner_id = locked.learner.id
        known = conversations.renew(db, inbound.outlet, learner_id, asked_address)
        is_same = inbound.heard is not None and inbound.heard == known.heard
        if is_same and conversations.is_waiting(db, name, inbound.arrived):
            # The replies haven't arrived: the channel brings it once more, under another id.
            return StoredTurn(name, repeated=True)
        if isinstance(inbound.event, Installed) and known.is_open:
            return StoredTurn(name, repeated=True)  # a channel tells it in two ways
        if _is_strangers_edit(inbound, locked.learner):
            return StoredTurn(name)
        seq = known.seq
        size = 0
        if inbound.echo is not None:
            seq += 1
            echo = StoredActivity(seq, _at_step(inbound.echo, locked.learner))
            size = conversations.append(db, name, [echo], waiting=False)
        if inbound.event is None:
            return StoredTurn(name, size=size)
        turn = _Held(
            locked,
            inbound.outlet,
            seq,
            waits=not inbound.expects_replies,
            is_news=not known.is_open,
            card=inbound.card,
            session=inbound.session,
            standing=inbound.standing,
            heard=inbound.heard,
        )
        event = inbound.event
        if isinstance(event, Typed):
            # Where nothing was shown, or what was shown was lost, nothing can be answered.
            shown_in = locked.learner.shown_in
            is_elsewhere = turn.is_news or shown_in not in (None, name)
            event = Typed(text=event.text, elsewhere=is_elsewhere)
        taken = self._answer(db, turn, event, now)
        if inbound.card and not taken.activities:
            # Pressed twice: the answer to the first press stands where both were made.
            shown = conversations.shown_in(db, name, inbound.card)
            return StoredTurn(name, (shown,) if shown else (), repeated=True)
        if inbound.id is not None and not taken.is_gone:
            last = seq + len(taken.activities)
            conversations.keep_claim(db, name, inbound.id, seq, last)
        return replace(taken, size=taken.size + size)

    def on_due(
        self, db: Connection, learner_id: str, name: str, now: datetime
    ) -> StoredTurn | None:
        """Answer what is due; None when it was answered, replaced or deleted meanwhile."""
        who = KnownLearner(learner_id)
        asked_learner = learners.ask(db, who)
        asked_row = TAKEN.ask(db, who=learner_id, which=name, now=now.timestamp())
        try:
            locked = learners.lock_asked(db, who, asked_learner, self.learners, self.tutor)
        except SignedOutError:
            return None
        row = asked_row.row()
        if row is None:
            return None
        conversation, doc, form = row
        try:
            event = versions.TIMED.read(doc, form)
        except NewerFormError:
            raise
        except UnreadableError as error:
            set_aside.keep(db, learner_id, Unread(later.name, name, doc, form), error)
            return None
        held = conversations.hold(db, conversation)
        if held is None:
            return StoredTurn(conversation)
        outlet, seq, is_open = held
        if isinstance(event, Reminder) and not is_open:
            # Whoever blocked us isn't written to, until they write from there again.
            _keep_time(db, learner_id, conversation, At(name, now + WAIT, event))
            return None
        return self._answer(db, _Held(locked, outlet, seq, waits=is_open), event, now)

    def on_brought(
        self, db: Connection, learner_id: str, conversation: str, brought: Brought, now: datetime
    ) -> StoredTurn:
        """Answer a file of the learner's own, in a conversation of theirs."""
        locked = learners.lock(db, learner_id, self.learners, self.tutor)
        return self._answer_later(db, locked, conversation, brought, now)

    def on_computed(  # noqa: PLR0913 (what is told to whom)
        self,
        db: Connection,
        *,
        learner_id: str,
        key: str,
        step: str,
        fault: str | None,
        now: datetime,
    ) -> StoredTurn | None:
        """Answer that a recipe is computed; None when that was told, or the learner deleted."""
        try:
            locked = learners.lock(db, learner_id, self.learners, self.tutor)
        except SignedOutError:
            return None
        take = computations.take_failed if fault else computations.take
        row = take(db, learner_id, key, step)
        if row is None:
            return None
        event = Computed(lesson=row.lesson, run=row.run, step=step, key=key, fault=fault)
        return self._answer_later(db, locked, row.conversation, event, now)

    def _answer_later(
        self,
        db: Connection,
        locked: LockedLearner,
        conversation: str,
        event: Brought | Computed,
        now: datetime,
    ) -> StoredTurn:
        held = conversations.hold(db, conversation)
        if held is None:
            return StoredTurn(conversation)
        outlet, seq, is_open = held
        return self._answer(db, _Held(locked, outlet, seq, waits=is_open), event, now)

    def _answer(self, db: Connection, held: "_Held", event: Event, now: datetime) -> StoredTurn:
        """Converse, render, and write what came of it."""
        outlet, name = held.outlet, held.outlet.conversation
        before = held.locked.learner
        exchange, drawn, again = self._said(db, held, before, event, now)
        is_gone = False
        if exchange.errand is not None:
            errands = Errands(self.tutor, self.issuer, outlet, held.session, now, self.hosts)
            done = errands.run(db, exchange.errand, held.locked, exchange.learner)
            held, is_gone = replace(held, locked=done.locked), done.is_gone
            exchange, drawn, again = self._said(db, held, done.learner, done.outcome, now)
        at_once = not isinstance(event, Computed | Due | Reminder)
        if at_once and exchange.puts_step:
            exchange = exchange.shown_in(name)
        after = exchange.learner
        stored_facts = [] if is_gone else self._save(db, held, exchange)
        if is_gone:
            after_commit(db, partial(self.learners.drop, before.id))
            if is_own_page(name):
                # With the session all ends that could be read there: the page itself says so.
                return StoredTurn(name, is_gone=True)
            conversations.part(db, outlet, held.seq)
        if at_once:
            drawn = [one for one in drawn if not one.renews or _stands(db, name, one)]
        said = _on_page(db, outlet, drawn, after) if not held.card else _without_typing(drawn)
        if held.card and held.standing and said and _is_card(said[0]):
            said = [self._standing(db, held, held.standing, exchange.locale), *said]
        stored = [
            StoredActivity(
                seq,
                outlet.finished(one.activity, seq, now, exchange.locale),
                one.slot,
                held.card if one is said[0] and _is_card(one) else None,
            )
            for seq, one in enumerate(said, held.seq + 1)
        ]
        owed = conversations.is_waiting(db, name) if not held.waits else False
        size = conversations.append(db, name, stored, waiting=held.waits, heard=held.heard)
        waiting = tuple(stored) if held.waits else ()
        if held.card is not None and said and not _is_card(said[0]):
            conversations.delivered(db, name, [stored[0].seq])  # for who pressed alone
            waiting = waiting[1:]
        if at_once:
            for sent, one in zip(said, stored, strict=True):
                if outlet.surface.updates and one.slot is not None and not sent.renews:
                    conversations.bind(db, name, one.slot, one.replaces)
        for wanted in exchange.later:
            match wanted:
                case At():
                    _keep_time(db, after.id, name, wanted)
                case Compute():
                    computations.place(db, after.id, name, wanted)
                case Discard():
                    computations.discard(db, after.id, wanted.key)
        if isinstance(event, Computed):
            needed = {key for progress in after.progress.values() for key in progress.keys}
            computations.release(db, after.id, needed, now.timestamp())
        keys = (*again, *(w.key for w in exchange.later if isinstance(w, Compute)))
        note = noted(before, event, exchange, drawn)
        if stored_facts:
            for read in self.readers:
                read(db, stored_facts)
        made = tuple(one.activity for one in stored)
        return StoredTurn(
            name, made, keys, after.id, note=note, waiting=waiting, owed=owed, size=size
        )

    def _standing(
        self, db: Connection, held: "_Held", pressed: Mapping[str, object], locale: str
    ) -> Drawn:
        """The pressed card as it stays; a word for who pressed where it can't be found any more."""
        for one in conversations.newest_cards(db, held.outlet.conversation):
            card = as_it_stays(one, pressed)
            if card is not None:
                return Drawn(card)
        words = self.tutor.library.languages[locale].strings.tutor
        return Drawn({"type": "message", "text": words.answered_below})

    def _save(self, db: Connection, held: "_Held", exchange: LearnerTurn) -> list[StoredFact]:
        """Write the learner and what happened; a turn that changed nothing writes nothing."""
        after = exchange.learner
        if after is held.locked.learner and not exchange.facts:
            return []
        version = learners.save(db, held.locked, after, self.learners)
        if not exchange.facts:
            return []
        known = {name: lesson.version for name, lesson in self.tutor.library.lessons.items()}
        stored = [
            StoredFact(
                place=place,
                fact=happened,
                learner=after.id,
                version=version,
                channel=held.outlet.channel,
                event=after.event,
                locale=after.locale,
                lesson_version=known.get(happened.lesson),  # a session is no lesson and has none
            )
            for place, happened in enumerate(exchange.facts)
        ]
        facts.append(db, stored)
        return stored

    def _said(
        self, db: Connection, held: "_Held", learner: Learner, event: Event | Outcome, now: datetime
    ) -> tuple[LearnerTurn, list[Drawn], tuple[str, ...]]:
        """What the tutor says, and the keys of results that have to be computed again.

        A fault of ours is logged and the learner's place kept.
        """
        keys = {key for progress in learner.progress.values() for key in progress.keys}
        if isinstance(event, Computed):
            keys.add(event.key)
        found = self.results.of(db, keys)
        again = self._computed_again(db, held, found.unreadable)
        links = self.address.links(learner.id, held.outlet.origin)
        try:
            locale = held.outlet.surface.locale
            if isinstance(event, Outcome):
                exchange = self.tutor.conclude(learner, event, now, found.results)
            else:
                exchange = self.tutor.converse(learner, event, now, found.results, locale)
            if exchange.errand is not None:
                return exchange, [], again
            if held.is_news and not exchange.replies:
                anew = replace(exchange.learner, greeted=False)
                exchange = self.tutor.converse(anew, Arrived(), now, found.results, locale)
            missing = keys - found.results.keys()
            excuses = self._excuses(db, held, event, missing, exchange.locale)
            exchange = replace(exchange, replies=(*excuses, *exchange.replies))
            replies = self._addressed(exchange.replies, held.outlet, exchange.locale)
            if held.outlet.is_group:
                replies = _without_files(replies, self._words(exchange.locale))
            surface = replace(held.outlet.surface, locale=exchange.locale)
            return exchange, render(replies, surface, links), again
        except Exception:
            what = getattr(event, "kind", type(event).__name__)
            log.exception("learner %s: %s failed", pseudonym(learner.id), what)
            words = self.tutor.strings(learner).tutor
            locale = self.tutor.language(learner.locale or held.outlet.surface.locale)
            turn = LearnerTurn(learner, (), locale=locale)
            return turn, [Drawn({"type": "message", "text": words.fault})], again

    def _computed_again(
        self, db: Connection, held: "_Held", unreadable: Sequence[str]
    ) -> tuple[str, ...]:
        """Have results that can't be read computed again; their keys."""
        who, name = held.locked.learner.id, held.outlet.conversation
        return tuple(k for k in unreadable if computations.place_again(db, who, name, k))

    def _excuses(
        self,
        db: Connection,
        held: "_Held",
        event: Event | Outcome,
        missing: AbstractSet[str],
        locale: str,
    ) -> tuple[Message, ...]:
        """What is said first where something stored couldn't be read."""
        words, learner = self._words(locale), held.locked.learner
        said: list[str] = []
        if isinstance(event, Computed) and event.step == computations.NO_STEP:
            return () if event.fault else (Message((Text(words.model_is_back),)),)
        for lesson in held.locked.lost:
            known = self.tutor.library.edition(lesson, locale).lessons.get(lesson)
            said.append(words.progress_lost.format(lesson=known.title if known else lesson))
        if steps := self._titles(held.locked.lost_states, locale):
            said.append(words.states_lost.format(steps=", ".join(steps)))
        if missing and computations.is_placed_again(db, learner.id, missing):
            said.append(words.model_again)
        return tuple(Message((Text(one),)) for one in said)

    def _titles(self, steps: Iterable[tuple[str, str]], locale: str) -> list[str]:
        """The titles of steps, each given by its lesson and itself."""
        lessons = [(self.tutor.library.edition(n, locale).lessons[n], step) for n, step in steps]
        found = [lesson.step(step) for lesson, step in lessons]
        return [step.title for step in found if step]

    def _words(self, locale: str) -> TutorStrings:
        return self.tutor.library.languages[locale].strings.tutor

    def _addressed(self, replies: Sequence[Reply], outlet: Address, locale: str) -> Sequence[Reply]:
        """Say on each card whose it is, and everywhere how one writes, where several read."""
        if not outlet.is_group:
            return replies
        words = self.tutor.library.languages[locale].strings
        name, bot = outlet.addressee, outlet.bot or words.teams.name
        how = words.tutor.mention.format(bot=bot)
        whose = words.tutor.card_for.format(name=name, how=how) if name else how
        return [self._told(reply, whose, how) for reply in replies]

    def _told(self, reply: Reply, whose: str, how: str) -> Reply:
        if not isinstance(reply, Message) or reply.stamp == NOBODYS:
            return reply
        if reply.stamp is None:
            return replace(reply, blocks=(*reply.blocks, Text(how)))
        return _led(reply, Text(whose, "small"))


def _is_strangers_edit(inbound: Inbound, learner: Learner) -> bool:
    """Whether somebody who never began changed a message that others read, too."""
    has_begun = any(progress.started for progress in learner.progress.values())
    return isinstance(inbound.event, Edited) and inbound.outlet.is_group and not has_begun


def _at_step(one: Mapping[str, Any], learner: Learner) -> Activity:
    """An activity that says at which step it was said: the page folds it up with that."""
    progress = learner.progress.get(learner.lesson or "")
    if progress is None:
        return dict(one)
    known = one.get("channelData")
    told = known if isinstance(known, dict) else {}
    return {**one, "channelData": {**told, "at": f"{progress.lesson} {progress.cursor}"}}


def _on_page(
    db: Connection, outlet: Address, drawn: Sequence[Drawn], learner: Learner
) -> list[Drawn]:
    """Messages as a page that folds up gets them; what renews a card stays where that stands."""
    if not outlet.surface.folds:
        return list(drawn)
    said = []
    for one in drawn:
        told, name = _at_step(one.activity, learner), outlet.conversation
        place = conversations.place(db, name, one.slot) if one.slot and one.renews else None
        if place is not None:
            told["channelData"][conversations.PLACE] = place
        said.append(replace(one, activity=told))
    return said


def _led(message: Message, lead: Text) -> Message:
    """A message that begins with a line more."""
    return replace(
        message,
        blocks=(lead, *message.blocks),
        instead=_led(message.instead, lead) if message.instead else None,
        stays=message.stays and message.stays + 1,
    )


def _ask_session(db: Connection, inbound: Inbound) -> Asked | None:
    """Ask whether the page's session is still good, where something came by one."""
    if inbound.session is None or not isinstance(inbound.who, KnownLearner):
        return None
    return credentials.ask(db, inbound.who.learner, inbound.session)


def _without_files(replies: Sequence[Reply], words: TutorStrings) -> list[Reply]:
    """Say where a learner gets a file, where others would get it by its link, too."""

    def without(block: Block) -> Block:
        match block:
            case Download(text=text):
                return Text(words.file_elsewhere.format(file=text))
            case Details(blocks=inside):
                elsewhere = (
                    Text(words.file_elsewhere.format(file=one.text))
                    if isinstance(one, Download)
                    else one
                    for one in inside
                )
                return replace(block, blocks=tuple(elsewhere))
            case _:
                return block

    return [
        replace(reply, blocks=tuple(map(without, reply.blocks)))
        if isinstance(reply, Message)
        else reply
        for reply in replies
    ]


def _without_typing(drawn: Sequence[Drawn]) -> list[Drawn]:
    """What answers a press in the place of its card, at once."""
    return [one for one in drawn if one.activity["type"] != "typing"]


def _stands(db: Connection, name: str, one: Drawn) -> bool:
    """Whether there is something in the place that it renews."""
    if one.slot is None:
        return False
    if is_own_page(name):
        return conversations.place(db, name, one.slot) is not None
    return conversations.bound(db, name, one.slot) is not None


def _is_card(one: Drawn) -> bool:
    """Whether it can stand in place of a card; a word can't."""
    return "attachments" in one.activity


@dataclass(frozen=True)
class _Held:
    """The rows that a turn holds.

    `waits`: its replies are to be delivered. `is_news`: nothing was seen in the conversation
    yet, or what was said there was lost. `card`: the message whose card was pressed, which the
    answer replaces unless it is `standing`, told by the pressed button's data.
    `session`: the own page's that the event came by.
    `heard`: the digest of what is answered.
    """

    locked: LockedLearner
    outlet: Address
    seq: int
    waits: bool
    is_news: bool = False
    card: str | None = None
    session: str | None = None
    standing: Mapping[str, object] | None = None
    heard: str | None = None


def _keep_time(db: Connection, learner: str, conversation: str, at: At) -> None:
    db.execute(delete(later).where(later.c.learner == learner, later.c.name == at.key))
    db.execute(
        insert(later).values(
            form=versions.TIMED.form,
            learner=learner,
            name=at.key,
            conversation=conversation,
            due=at.time.timestamp(),
            event=versions.TIMED.write(at.event),
        )
    )
