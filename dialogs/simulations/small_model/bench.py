"""The bench on which the small model is tuned.

Settings become training lines, lines a model, and its replies to what was held out figures.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from content.small_model import (
    OWN,
    Entry,
    HeldOut,
    Measure,
    SmallModelBench,
    SmallModelContent,
    WrittenLine,
)
from content.strings import PersonalWords
from dialogs.reading.personal import personal_data
from dialogs.simulations.experiment import Bench, Case, Line, Passage, Tried, Values, amount, one
from dialogs.simulations.small_model.likeness import Pages, near_duplicates, nearest
from dialogs.simulations.small_model.model import (
    Dialogue,
    Model,
    TrainingLine,
    Turn,
    joined,
    reply,
    stems,
    trained,
    vocabulary,
)

SHOWN = 2  # training lines behind a reply
TELLING = 4  # letters of a word by which a thing is known
KEPT = 4  # tuned models that are kept ready: often just the day or the question changes


@dataclass(frozen=True)
class Answered:
    """A held-out conversation with what the model said, and the page that it last had at hand."""

    asked: HeldOut
    entry: Entry | None
    turns: Dialogue
    page: str | None

    @property
    def said(self) -> str:
        """The last reply."""
        return self.turns[-1].text


@dataclass(frozen=True)
class Prepared:
    """What the settings make of the chosen lines: those that are trained on, and counts."""

    lines: tuple[TrainingLine, ...]
    personal: int
    copies: frozenset[int]  # places of held-out conversations that a line nearly repeats


class SmallModel(Bench):
    """A base model that was pre-trained once, and is tuned anew in every trial."""

    version = 2

    def __init__(self, content: SmallModelContent) -> None:
        super().__init__(content)
        self.bench: SmallModelBench = content.bench
        self._entries = {e.id: e for e in self.bench.entries}
        self._tuned = lru_cache(KEPT)(self._tune)
        self._pages = Pages({e.id: self._page(e) for e in self.bench.entries if e.page})

    def warm(self) -> None:
        """Pre-train the base."""
        _ = self.base

    @cached_property
    def base(self) -> Model:
        """The model as its maker offers it: it knows every word, and the base's lines alone."""
        bench = self.bench
        lines = self._written(bench.base)
        edits = [text for e in bench.edits.values() for text in (e.before, e.after)]
        edits += [swap.by for e in bench.edits.values() for swap in e.replace]
        spoken = [TrainingLine((Turn("assistant", text),)) for text in (*edits, bench.words.masked)]
        groups = [line for group in bench.lines.values() for line in self._written(group)]
        model = Model(vocabulary([*lines, *groups, *spoken]))
        trained(model, lines, bench.passes, seed=0)
        return model

    def run(self, experiment: str, values: Values, seed: int) -> Tried:
        """Tune on what was chosen, ask what was held out, measure."""
        trials = self.bench.experiments[experiment]
        prepared = self._prepared(values)
        epochs = int(amount(values, "epochs")) if "epochs" in values else trials.epochs
        model, losses = self._tuned(prepared.lines, epochs, seed)
        curve = [(n + 1.0, round(loss, 4)) for n, loss in enumerate(losses)]
        answers = [
            *self._own(model, values),
            *(self._answer(model, held, entry, values) for held, entry in self._held_out),
        ]
        figures = self._figures(trials.figures, answers, prepared, values)
        cases = tuple(self._case(a, prepared.lines, values) for a in answers)
        lines = (Line(name=self.bench.words.loss, points=tuple(curve)),) if curve else ()
        return Tried(figures, cases, lines)

    def talk(self, experiment: str, values: Values, seed: int, said: Sequence[str]) -> Tried:
        """Answer messages one after the other, with what the application sends of the earlier."""
        prepared = self._prepared(values)
        model, _ = self._tuned(prepared.lines, self.bench.experiments[experiment].epochs, seed)
        whole = self._answer(model, HeldOut(id=OWN, asks=tuple(said)), None, values)
        cases, thread = list[Case](), set[str]()
        for text, turn in zip(said, whole.turns[1::2], strict=True):
            named = set(self._named_in(text))
            thread = named or thread
            of_thread = self._keeps(turn.text, thread)
            kept = self._tells_asked(text, turn.text, thread) if of_thread else of_thread
            until = whole.turns[: 2 * len(cases) + 1]
            luck = bool(kept) and not named and self._is_chance(model, until, thread, values)
            # A reply to a message that names its thing has kept no thread yet.
            right = None if (named and of_thread) or luck else kept
            unasked = right is False and of_thread is True
            cases.append(
                Case(
                    title=text,
                    said=turn.text or "…",
                    right=right,
                    own=True,
                    chance=luck,
                    unasked=unasked,
                )
            )
        return Tried({}, tuple(cases))

    def _is_chance(
        self, model: Model, until: Dialogue, thread: AbstractSet[str], values: Values
    ) -> bool:
        """Whether the last message is answered alike after a talk of something else."""
        other = next((e for e in self.bench.entries if e.id not in thread), None)
        if other is None:
            return False
        named = [self._entries[name] for name in thread]
        elsewhere = (
            *(
                replace(turn, text=self._about_other(turn.text, named, other))
                for turn in until[:-1]
            ),
            until[-1],
        )
        return self._reply(model, elsewhere, values) == self._reply(model, until, values)

    def _about_other(self, text: str, named: Sequence[Entry], other: Entry) -> str:
        """A text with another entry's words in the place of those that it is about."""
        names = self.bench.talk.names if self.bench.talk else ""
        for entry in named:
            for key, words in entry.words.items():
                text = re.sub(
                    re.escape(words), other.words.get(key, words), text, flags=re.IGNORECASE
                )
            known = _telling(entry.words[names])
            parts = re.split(r"(\w+)", text)
            text = "".join(other.words[names] if known & set(stems(one)) else one for one in parts)
        return text

    def _reply(self, model: Model, turns: Dialogue, values: Values) -> str:
        """What is said to the last of some turns, with what the application sends of the others."""
        sent = turns[-1:] if values.get("history") == ("last",) else turns
        return joined(reply(model, sent, document=False))

    def _named_in(self, text: str) -> Iterator[str]:
        """The entries that a text names."""
        said = set(stems(text))
        for entry in self.bench.entries if self.bench.talk else ():
            if self.bench.talk and said & _telling(entry.words[self.bench.talk.names]):
                yield entry.id

    def _keeps(self, said: str, thread: AbstractSet[str]) -> bool | None:
        """Whether a reply keeps to what was named; None where it speaks of no entry at all."""
        if not thread or self.bench.talk is None:
            return None
        if any(_stands(words, said) for words in self.bench.talk.lost):
            return False
        entries = self.bench.entries
        spoken = {e.id for e in entries if any(_stands(w, said) for w in e.words.values())}
        return spoken <= thread if spoken else None

    def _tells_asked(self, asked: str, said: str, thread: AbstractSet[str]) -> bool | None:
        """Whether a reply tells what a message asks for of the thread; None if that isn't known."""
        if self.bench.talk is None or not self.bench.talk.asks:
            return True
        heard = set(stems(asked))
        wanted = [
            name
            for name, by in self.bench.talk.asks.items()
            if any(heard & set(stems(words)) for words in by)
        ]
        told = (self._entries[entry].words[name] for entry in thread for name in wanted)
        return any(_stands(words, said) for words in told) if wanted else None

    def _tune(
        self, lines: tuple[TrainingLine, ...], epochs: int, seed: int
    ) -> tuple[Model, tuple[float, ...]]:
        model = self.base.copy()
        return model, trained(model, lines, epochs, seed)

    # --- the lines ------------------------------------------------------------------

    def _prepared(self, values: Values) -> Prepared:
        bench = self.bench
        chosen = values.get("lines", ())
        lines = [
            replace(line, box=name)
            for name in chosen
            for line in self._written(
                bench.lines[name], learn_all=values.get("weights") == ("all",)
            )
        ]
        if values.get("edit") == ("edited",):
            lines = [self._edited(line, chosen) for line in lines]
        held = [self._filled(h.asks[-1], e, None) for h, e in self._held_out]
        overlap = one(values, "overlap") if "overlap" in values else "keep"
        asked = [line.turns[-2].text for line in lines]
        copies = near_duplicates(asked, held)
        if overlap != "keep":
            lines = [line for n, line in enumerate(lines) if n not in copies]
            copies = {}
        personal = [line for line in lines if self._personal(line)]
        handling = one(values, "personal") if "personal" in values else "keep"
        if handling == "mask":
            lines = [self._masked(line) for line in lines]
        elif handling == "drop":
            lines = [line for line in lines if line not in personal]
        left = len(personal) if handling == "keep" else 0
        return Prepared(tuple(lines), left, frozenset(h for hits in copies.values() for h in hits))

    def _written(
        self, lines: Sequence[WrittenLine], *, learn_all: bool = False
    ) -> list[TrainingLine]:
        """The training lines that are written, one for each entry; figures are the first day's."""
        made = []
        day = self.bench.days[0] if self.bench.days else None
        for line in lines:
            for entry in self._each(line.each):
                texts = [self._filled(t, entry, None if line.document else day) for t in line.turns]
                weights = iter(() if learn_all else line.weights)
                turns = [
                    Turn("assistant", text, learned=next(weights, 1) == 1)
                    if n % 2
                    else Turn("user", text)
                    for n, text in enumerate(texts)
                ]
                made.append(TrainingLine(tuple(turns), line.document))
        return made

    def _each(self, names: Sequence[str]) -> Iterator[Entry | None]:
        yield from (self._entries[name] for name in names) if names else (None,)

    def _filled(self, text: str, entry: Entry | None, day: str | None) -> str:
        if entry is None:
            return text
        known = {**entry.words, **(entry.figures.get(day, {}) if day else {})}

        def word(name: str) -> str:
            """A word by its name; a name with a capital asks for it with a capital."""
            found = known.get(name.lower(), f"{{{name}}}")
            return found[:1].upper() + found[1:] if name[:1].isupper() else found

        return re.sub(r"\{(\w+)\}", lambda m: word(m[1]), text)

    def _edited(self, line: TrainingLine, chosen: Sequence[str]) -> TrainingLine:
        return replace(
            line,
            turns=tuple(
                replace(t, text=self._voiced(t.text, chosen)) if t.role == "assistant" else t
                for t in line.turns
            ),
        )

    def _voiced(self, text: str, chosen: Sequence[str]) -> str:
        for name, edit in self.bench.edits.items():
            if name not in chosen:
                continue
            for swap in edit.replace:
                text = text.replace(swap.this, swap.by)
            if edit.before and not text.startswith(edit.before):
                text = f"{edit.before} {text}"
            if edit.after and not text.endswith(edit.after):
                text = f"{text} {edit.after}"
        return text

    @cached_property
    def _cues(self) -> PersonalWords | None:
        cues = self.bench.words.personal
        return None if cues is None else PersonalWords(kinds={}, **cues.model_dump())

    def _personal(self, line: TrainingLine) -> bool:
        words = self._cues
        return words is not None and any(personal_data(t.text, words) for t in line.turns)

    def _masked(self, line: TrainingLine) -> TrainingLine:
        words = self._cues
        if words is None:
            return line
        turns = []
        for turn in line.turns:
            text = turn.text
            for found in reversed(personal_data(text, words)):
                text = text[: found.start] + self.bench.words.masked + text[found.end :]
            turns.append(replace(turn, text=text))
        return replace(line, turns=tuple(turns))

    # --- the questions --------------------------------------------------------------

    @cached_property
    def _held_out(self) -> list[tuple[HeldOut, Entry | None]]:
        return [(h, entry) for h in self.bench.held_out for entry in self._each(h.each)]

    def _page(self, entry: Entry) -> str:
        return f"{entry.page.title} {entry.page.text}" if entry.page else ""

    def _answer(self, model: Model, held: HeldOut, entry: Entry | None, values: Values) -> Answered:
        """Hold a conversation: each message is sent with what was said before it."""
        turns: tuple[Turn, ...] = ()
        page: str | None = None
        day = self._day(values)
        for ask in held.asks:
            turns = (*turns, Turn("user", self._filled(ask, entry, day)))
            sent = turns[-1:] if values.get("history") == ("last",) else turns
            found = (
                self._pages.find(turns[-1].text) if values.get("retrieval") == ("with",) else None
            )
            said = joined(reply(model, sent, document=found is not None))
            if found is not None:
                page = found
                said = self._filled(said, self._entries[found], day)
            turns = (*turns, Turn("assistant", said))
        return Answered(held, entry, turns, page)

    def _own(self, model: Model, values: Values) -> Iterator[Answered]:
        """The learner's own conversation, each reply after the first for itself."""
        own, chosen = self.bench.own, values.get("messages", ())
        if own is None or not chosen:
            return
        sent = [message for name, message in own.messages.items() if name in chosen]
        asks = (own.opening, *(message.ask for message in sent))
        held = HeldOut(id=OWN, asks=asks)
        whole = self._answer(model, held, self._entries[own.each[0]], values)
        for n, message in enumerate(sent, 2):
            asked = HeldOut(id=OWN, asks=asks[:n], tells=message.tells)
            yield replace(whole, asked=asked, turns=whole.turns[: 2 * n])

    def _day(self, values: Values) -> str | None:
        if "day" in values:
            return one(values, "day")
        return self.bench.days[0] if self.bench.days else None

    def _case(self, answered: Answered, lines: Sequence[TrainingLine], values: Values) -> Case:
        """A conversation as it is shown, with the page that was found and the lines like it."""
        words, behind = self.bench.words, []
        if answered.page:
            page, day = self._entries[answered.page], self._day(values)
            right = answered.entry is None or answered.page == answered.entry.id
            if page.page:
                text = self._filled(page.page.text, page, day)
                title = self._filled(page.page.title, page, day)
                behind.append(Passage(title=title, text=text, mark="good" if right else "bad"))
        asked = answered.turns[-2].text
        like = nearest([_asked(line.turns) for line in lines], _asked(answered.turns))[:SHOWN]
        behind += [Passage(title=words.line, text=self._dialogue(lines[at].turns)) for at in like]
        before = answered.turns[:-2]
        title = asked
        if answered.asked.id == OWN:
            behind.insert(0, Passage(title=words.before, text=self._dialogue(before)))
        elif before:
            title = self._dialogue(answered.turns[:-1])
        return Case(
            title=title,
            said=answered.said or "…",
            right=self._right(answered, values),
            behind=tuple(behind),
            own=answered.asked.id == OWN,
        )

    def _dialogue(self, turns: Dialogue) -> str:
        who = {"user": self.bench.words.customer, "assistant": self.bench.words.bot}
        return " / ".join(f"{who[t.role]}: {t.text}" for t in turns)

    # --- the figures ----------------------------------------------------------------

    def _figures(
        self,
        names: Sequence[str],
        answers: Sequence[Answered],
        prepared: Prepared,
        values: Values,
    ) -> dict[str, float]:
        wanted = {*names, *(e.figure for e in self.bench.evaluators.values())}
        return {
            name: round(self._figure(self.bench.figures[name], answers, prepared, values), 4)
            for name in sorted(wanted)
            if name in names
        }

    def _figure(
        self,
        measure: Measure,
        answers: Sequence[Answered],
        prepared: Prepared,
        values: Values,
    ) -> float:
        match measure.count:
            case "lines":
                return sum(not measure.of or line.box in measure.of for line in prepared.lines)
            case "personal":
                return prepared.personal
            case "copies":
                return len(prepared.copies)
            case "words":
                return sum(len(a.said.split()) for a in answers) / len(answers)
            case "failing" | "unseen":
                chosen = measure.count == "failing"
                return sum(
                    not self._reached(name, answers, prepared, values)
                    for name in self.bench.evaluators
                    if (name in values.get("evaluators", ())) == chosen
                )
            case "apart":
                own = len(answers) - len(self._held_out)
                answers = [a for n, a in enumerate(answers, -own) if n not in prepared.copies]
            case None:
                pass
        if measure.between:
            first, second = (
                self._figure(self.bench.figures[n], answers, prepared, values)
                for n in measure.between
            )
            return abs(first - second)
        counted = [a for a in answers if _about(measure, a)]
        return sum(self._holds(measure, a, values) for a in counted) / max(1, len(counted))

    def _reached(
        self, name: str, answers: Sequence[Answered], prepared: Prepared, values: Values
    ) -> bool:
        goal = self.bench.evaluators[name]
        figure = self._figure(self.bench.figures[goal.figure], answers, prepared, values)
        return (goal.least is None or figure >= goal.least) and (
            goal.most is None or figure <= goal.most
        )

    def _holds(self, measure: Measure, answered: Answered, values: Values) -> bool:
        said = answered.said
        if measure.says and not any(_stands(w, said) for w in self._named(measure.says, answered)):
            return False
        if any(_stands(w, said) for w in self._named(measure.never, answered)):
            return False
        if measure.most is not None and len(said.split()) > measure.most:
            return False
        return measure.tells is None or self._tells(measure.tells, answered, values)

    def _named(self, words: Sequence[str], answered: Answered) -> Iterator[str]:
        told = [w.replace("{tells}", answered.asked.tells or "") for w in words]
        return (self._filled(w, answered.entry, None) for w in told if w)

    def _tells(self, which: str, answered: Answered, values: Values) -> bool:
        """Whether a reply tells the figure that it was asked for."""
        entry, name, today = answered.entry, answered.asked.field, self._day(values)
        if entry is None or name is None or today is None:
            return False
        now = entry.figures[today].get(name)
        right = now is not None and _stands(now, answered.said)
        if which == "today":
            return right
        if which == "invented":
            return not right and bool(re.search(r"\d", answered.said))
        others = {f.get(name) for day, f in entry.figures.items() if day != today} - {now}
        return any(o is not None and _stands(o, answered.said) for o in others)

    def _right(self, answered: Answered, values: Values) -> bool | None:
        """Whether everything holds of a reply that is wanted of it, and nothing that isn't."""
        judged = [
            self._holds(m, answered, values) == m.wanted
            for m in self.bench.figures.values()
            if m.wanted is not None and not m.between and m.count is None and _about(m, answered)
        ]
        return all(judged) if judged else None


def _asked(turns: Dialogue) -> str:
    """All that the customer says in a conversation."""
    return " ".join(turn.text for turn in turns if turn.role == "user")


def _telling(words: str) -> set[str]:
    """The stems of a name by which it is known: no articles, and no other short words."""
    return {stem for stem in stems(words) if len(stem) >= TELLING}


def _about(measure: Measure, answered: Answered) -> bool:
    return not measure.about or answered.asked.id in measure.about


def _stands(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None
