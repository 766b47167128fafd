"""A lesson's simulated company and its rubric, as an author writes them.

`world.yaml` loads into `World`: what customers say, what the models can say, and how
they were taught. `rubric.yaml` loads into `Rubric`: how any reply is scored. All subject
matter is there; `dialogs/simulations/persona/` only knows acts, intents, marks, scales and signs.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from content.frozen import Frozen


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> list[str]:
    return [f"unknown {what} {name!r}" for name in sorted(set(names) - set(known))]


def _twice(what: str, names: Sequence[str]) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    return [f"two {what}s are called {name!r}" for name in twice]


def _shared(what: str, name: str, texts: Iterable[str], owners: dict[str, str]) -> list[str]:
    """Texts that an intent before this one has; `owners` learns whose each text is."""
    found = [t for t in texts if owners.setdefault(t, name) != name]
    return [f"{text!r} is a {what} of two intents" for text in found]


def _refuse(faults: list[str]) -> None:
    if faults:
        raise ValueError("; ".join(faults))


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=600)]
Share = Annotated[float, Field(ge=0, le=1)]
ReplyPlan = Annotated[tuple[Name, ...], Field(min_length=1)]

MOST_EXAMPLES = 3  # that are shown to a model in its prompt
EXAMPLES = 8  # of a mark, and of what isn't it, at least
END = "end"  # the act that closes a reply; every world has it, no author writes it


class Mark(Frozen):
    """Something about the writer that a message shows, such as being upset.

    Messages that show it (`shows`) and that don't (`others`) teach it; `loud` ones are also shown
    by shouting and angry emoji. One that `asks` is shown by a question mark at the end.
    `weight` is how strongly the models feel it for every intent; 0.0 leaves it to the
    intents whose `manuals` name it.
    """

    shows: tuple[Words, ...] = ()
    others: tuple[Words, ...] = ()
    loud: bool = False
    asks: bool = False
    weight: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if not self.asks and min(len(self.shows), len(self.others)) < EXAMPLES:
            raise ValueError(f"needs {EXAMPLES} messages that show it and as many others")
        return self


class Manual(Frozen):
    """How the base model's company manuals answer an intent, for marked messages or any."""

    acts: ReplyPlan
    mark: Name | None = None


class Intent(Frozen):
    """One thing customers want, told apart as finely as its answers are.

    Intents of a `group` are asked about together when a message could be any of them: the `label`
    is then a button's text. `messages` are known to the models and drawn for training sets;
    `validation` and `customers` are never trained on. Every phrase must answer every message of
    the intent. `plans` are the acts of a reply for a character; a character's own plans serve
    intents that have none.
    """

    label: Words
    group: Name
    family: Name
    messages: tuple[Words, ...] = Field(min_length=6)
    validation: tuple[Words, ...] = Field(min_length=1)
    customers: tuple[Words, ...] = Field(min_length=2)
    phrases: dict[Name, tuple[Words, ...]]
    manuals: tuple[Manual, ...]
    plans: dict[Name, tuple[ReplyPlan, ...]]


class Character(Frozen):
    """A manner of answering, of which the archive makes training examples.

    The first plan is taken with probability `first_plan`. `prepend`/`append` acts are added
    with their shares; `felt` begins the reply to a message with the mark by an act, unless the
    plan has it. `loose` is how often a generic phrase replaces the intent's own.
    `pool` "both" draws from own and generic phrases alike. `mix` takes turns between other
    characters; `astray` answers with the phrases of an intent of another group.
    """

    label: Words
    plans: tuple[ReplyPlan, ...] = ()
    first_plan: Share = 0.7
    prepend: tuple[Name, ...] = ()
    prepend_share: Share = 0.0
    append: tuple[Name, ...] = ()
    append_share: Share = 0.0
    felt: dict[Name, Name] = {}
    loose: Share = 0.0
    pool: Literal["own", "both"] = "own"
    mix: tuple[Name, ...] = ()
    astray: bool = False


class Pretraining(Frozen):
    """What the base model read: the manuals, and a little of each character in `shares`.

    `rounds` of descent over all of it, with L2 `decay`: the weaker the decay, the more firmly
    replies are tied to intents (and the less harm overfitting shows).
    """

    manuals: Share
    shares: dict[Name, Share]
    rounds: int = Field(ge=1, le=2000)
    decay: float = Field(gt=0)


class Bias(Frozen):
    """What a system prompt adds to the base model's logits, in nats.

    At the `start` of a reply, `later` in it, or `always`; for messages with `mark`, or any.
    `acts` are made likelier, or less likely; "end" is the reply's ending.
    """

    at: Literal["start", "later", "always"] = "always"
    mark: Name | None = None
    acts: dict[Name, float]


class Instruction(Frozen):
    """A sentence that a system prompt may hold, and what it adds to the base model's logits.

    `name` is what it is called in a list, where that is shorter; `caution` tells a learner what is
    wrong with one that does no good.
    """

    id: Name
    name: str = ""
    text: Words
    biases: tuple[Bias, ...] = ()
    caution: str = ""


class ShownExample(Frozen):
    """A message and its reply, to be shown to the base model in its prompt.

    `caution` tells a learner what is wrong with one that does no good.
    """

    id: Name
    message: Words
    reply: Words
    caution: str = ""


class Prompt(Frozen):
    """The base model under a prompt: simulated by stated biases, not trained.

    The system prompt is `opening`, which every model has and which changes nothing, and those of
    the `instructions` that are chosen. `examples` may be shown besides (few-shot): each adds
    `pull` to the logit of what its reply does next, for a message just like its own, and less for
    others. `repeat` is added to the logit of every act that was already said.
    `usual` and `usual_examples` are chosen for who chooses nothing.
    """

    opening: Words
    instructions: tuple[Instruction, ...] = Field(min_length=1)
    usual: tuple[Name, ...]
    examples: tuple[ShownExample, ...] = ()
    usual_examples: tuple[Name, ...] = Field(default=(), max_length=MOST_EXAMPLES)
    pull: float = Field(default=0.0, ge=0)
    repeat: float

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        instructions, examples = [i.id for i in self.instructions], [e.id for e in self.examples]
        _refuse(
            [
                *_unknown("instruction", self.usual, instructions),
                *_unknown("example", self.usual_examples, examples),
                *_twice("instruction", instructions),
                *_twice("example", examples),
            ]
        )
        return self

    @property
    def biases(self) -> tuple[Bias, ...]:
        """The biases of all instructions."""
        return tuple(b for i in self.instructions for b in i.biases)


class Segment(Frozen):
    """A kind of customer to look at alone: of a family, with a mark, or without one."""

    label: Words
    family: Name | None = None
    mark: Name | None = None
    without: Name | None = None


class Pair(Frozen):
    """Two alike queries that the base model answers in different tones."""

    id: Name
    first: Words
    second: Words
    why: Words


class PlacingLimits(Frozen):
    """When a message is about one of the intents, and when surely so. Both are differences of logs.

    It is about one of them where the likeliest ones (four at most) have a joint share that exceeds
    that of elsewhere by `ours`; surely about the best, where that leads by `lead` before the next
    and before each class of elsewhere. Between the two a learner is asked.
    """

    ours: float
    lead: float = Field(ge=0)


class Recognition(Frozen):
    """What placing a message needs besides the intents' messages.

    `elsewhere`: messages about nothing that the company does, by classes; near misses teach most.
    `polite` names intents that give way to another one in the same message ("thanks, but …").
    `abbreviations` are read as what they stand for; before `joints` ("and", "but") another matter
    may begin. `limits` are fitted to the sentences unless the author states them.
    """

    elsewhere: dict[Name, Annotated[tuple[Words, ...], Field(min_length=3)]] = Field(min_length=1)
    polite: tuple[Name, ...] = ()
    abbreviations: dict[str, Words] = {}
    joints: tuple[Words, ...] = ()
    limits: PlacingLimits | None = None


class World(Frozen):
    """The simulated company: `world.yaml`.

    `acts` are what phrases do; those in `answering` can hold an answer. `generic` phrases fit
    any message. `ideal` is the character whose replies the lesson is after; `pairs` show the
    base model's inconsistent tone; `unplaced` and `speechless` are said in place of a reply.
    """

    name: Words
    acts: tuple[Name, ...] = Field(min_length=2)
    answering: tuple[Name, ...] = Field(min_length=1)
    generic: dict[Name, tuple[Words, ...]]
    marks: dict[Name, Mark]
    intents: dict[Name, Intent] = Field(min_length=2)
    characters: dict[Name, Character]
    ideal: Name
    pretraining: Pretraining
    prompted: Prompt
    segments: dict[Name, Segment]
    pairs: tuple[Pair, ...]
    recognition: Recognition
    unplaced: Words
    speechless: Words

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        faults = [*self._act_faults(), *self._name_faults(), *self._message_faults()]
        for name in self.intents:
            for character in self.characters:
                for plan in self.plans(name, character):
                    faults += [
                        f"intent {name!r} has no phrase for {act!r}, needed by {character!r}"
                        for act in plan
                        if act in self.acts and not self.sayings(act, name)
                    ]
        _refuse(faults)
        return self

    def plans(self, intent: str, character: str) -> tuple[ReplyPlan, ...]:
        """The reply plans of a character for an intent, most usual first."""
        return self.intents[intent].plans.get(character, self.characters[character].plans)

    def sayings(self, act: str, intent: str) -> tuple[str, ...]:
        """The phrases for an act: the intent's own, else the generic ones."""
        return self.intents[intent].phrases.get(act) or self.generic.get(act, ())

    def _act_faults(self) -> list[str]:
        used = [*self.answering, *self.generic]
        for intent in self.intents.values():
            used += intent.phrases
            used += [a for m in intent.manuals for a in m.acts]
            used += [a for plans in intent.plans.values() for p in plans for a in p]
        for character in self.characters.values():
            used += [a for p in character.plans for a in p]
            used += [*character.prepend, *character.append, *character.felt.values()]
        used += [a for bias in self.prompted.biases for a in bias.acts if a != END]
        return _unknown("act", used, self.acts)

    def _name_faults(self) -> list[str]:
        families = {i.family for i in self.intents.values()}
        characters = [self.ideal, *self.pretraining.shares]
        characters += [c for i in self.intents.values() for c in i.plans]
        characters += [c for k in self.characters.values() for c in k.mix]
        marks = [m.mark for i in self.intents.values() for m in i.manuals]
        marks += [m for k in self.characters.values() for m in k.felt]
        marks += [b.mark for b in self.prompted.biases]
        marks += [m for s in self.segments.values() for m in (s.mark, s.without)]
        named = [s.family for s in self.segments.values() if s.family]
        return [
            *_unknown("character", characters, self.characters),
            *_unknown("mark", [m for m in marks if m], self.marks),
            *_unknown("family", named, families),
            *_unknown("intent", self.recognition.polite, self.intents),
        ]

    def _message_faults(self) -> list[str]:
        faults: list[str] = []
        trained: dict[str, str] = {}
        said: dict[str, str] = {}
        for name, intent in self.intents.items():
            phrases = [t for texts in intent.phrases.values() for t in texts]
            faults += _shared("message", name, intent.messages, trained)
            faults += _shared("phrase", name, phrases, said)
        kept = [m for i in self.intents.values() for m in (*i.validation, *i.customers)]
        return faults + [f"{m!r} is both trained on and held out" for m in kept if m in trained]


class Range(Frozen):
    """Above one number, below another; either may be left open."""

    above: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Whether `value` is strictly within."""
        return (self.above is None or value > self.above) and (
            self.below is None or value < self.below
        )


Measure = Literal[
    "words",  # how many
    "sentences",  # how many
    "sentence_words",  # words of the longest sentence
    "long_words",  # share of words of ten letters or more
    "capitals",  # share of words all in capitals
    "share",  # share of words that are among the sign's
    "common",  # share of words that are among the rubric's common ones
    "repeated",  # share of words that stand twice in a row, or in a sentence said before
    "exact",  # how many numbers, quoted names and paths ("Orders > Return")
    "lines",  # how many lines that are not empty
]
Relation = Literal["own", "other", "none", "unknown"]


class Sign(Frozen):
    """Something to look for in a reply. All conditions that are stated must hold.

    One sentence must do one of the `acts`, none of those in `unless`, and hold one of the `words`
    (whole words, case ignored, several one after the other; "office*" begins a word); the measure
    "share" counts these. With `turned`, a courtesy that is turned round by a negation is enough.
    `topic` is how the reply relates to the message: about its "own" intent, an "other" one, "none",
    or "unknown" where it was not placed. `mark` must be on the message; the signs in `needs` found,
    those in `without` not.

    A found sign adds `weight` once. `keeps` is the share of all positive points that
    remain next to it (a courtesy beside an insult is none). `cap` is the most that the
    scale's sum can then be. `found` and `missing` tell a learner, in few words, why.
    """

    acts: tuple[Name, ...] = ()
    unless: tuple[Name, ...] = ()
    words: tuple[Words, ...] = ()
    turned: bool = False
    measures: dict[Measure, Range] = {}
    topic: tuple[Relation, ...] = ()
    mark: Name | None = None
    needs: tuple[Name, ...] = ()
    without: tuple[Name, ...] = ()
    weight: float = 0.0
    keeps: Share = 1.0
    cap: float | None = None
    found: str = ""
    missing: str = ""


class Scale(Frozen):
    """A quality scored from 1 to 5.

    The sum of `start` and the found signs' weights becomes a value: by "tanh"
    3 + 2 tanh(sum), which squashes piled-up signs, or "linear", cut at 1 and 5. A `topical` scale
    is not judged where nobody knows what the message is about.
    """

    label: Words
    start: float
    curve: Literal["tanh", "linear"]
    topical: bool = False
    signs: dict[Name, Sign] = Field(min_length=1)
    wordless: Words

    @model_validator(mode="after")
    def _knows_its_signs(self) -> Self:
        faults: list[str] = []
        seen: set[str] = set()
        for name, sign in self.signs.items():
            # In order, so that one pass over the signs decides them all.
            faults += _unknown(f"sign before {name!r}:", (*sign.needs, *sign.without), seen)
            seen.add(name)
        _refuse(faults)
        return self


class ReplyAct(Frozen):
    """What a sentence of a reply can do, told by sentences that do it (`shows`).

    A sentence may be an example of several acts. `becomes` is the world's act that a learner's own
    sentence of this kind is; without one it goes by its place. A "courtesy" is none when it is
    negated ("I am not sorry"); a "claim" is none when it is denied, conditional or asked. Neither
    a claim nor a "fault" is seen in what the world's author wrote as something else. A sentence
    does the act from the share `likely` on; claims have limits of their own.
    """

    shows: tuple[Words, ...] = Field(min_length=5)
    becomes: Name | None = None
    rule: Literal["courtesy", "claim", "fault"] | None = None
    likely: Share = 0.3


class Flag(Frozen):
    """Something that a reply either says or not, such as a promise that nothing backs.

    It does where a sentence does one of `acts`, where it holds one of `words`, or where one of the
    `signs` ("scale.sign") is found. With a `metric` the dashboard shows the share of replies
    *without* it under that name, and more than `limit` of flagged replies forbids deployment.
    `advice` is told of a training line of the learner's own that carries the flag.
    """

    label: Words
    acts: tuple[Name, ...] = ()
    words: tuple[Words, ...] = ()
    signs: tuple[str, ...] = ()
    metric: Name | None = None
    limit: Share = 1.0
    advice: str = ""


class ReplyFault(Frozen):
    """A weakness of a reply to be noticed. All conditions that are stated must hold.

    Signs are named "scale.sign"; `found` and `lacks` need all of theirs found or missing.
    """

    label: Words
    at_most: dict[Name, int] = {}
    at_least: dict[Name, int] = {}
    found: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    marks: tuple[Name, ...] = ()
    flags: tuple[Name, ...] = ()


class Places(Frozen):
    """Which act of the world a learner's own sentence is by its place, where nothing tells it."""

    only: Name
    first: Name
    middle: Name
    last: Name


class Satisfaction(Frozen):
    """A simulated customer's satisfaction, 1 to 5: a weighted sum, with noise, rounded.

    `scales` weigh the raw scale values (`marked` replaces them for messages with a mark).
    `accurate` is added for a right answer; `wrong`, `flags` are added (negative) for
    another topic's answer and for flags. `noise` is a standard deviation. From `satisfied`
    on a customer counts as satisfied.
    """

    scales: dict[Name, float]
    marked: dict[Name, dict[Name, float]] = {}
    accurate: float
    wrong: float
    flags: dict[Name, float] = {}
    noise: float = Field(ge=0)
    satisfied: int = Field(ge=1, le=5)


class ResponseTime(Frozen):
    """A modelled answer takes `wait_s` seconds, then its tokens one after the other.

    Before that the prompt is read, `read_per_s` tokens a second.
    """

    wait_s: float = Field(ge=0)
    tokens_per_s: float = Field(gt=0)
    read_per_s: float = Field(default=2000.0, gt=0)
    characters_per_token: float = Field(gt=0)


class Soundness(Frozen):
    """When a training set is sound enough that more of the same isn't what is missing.

    At least `lines`; at least `topics` intents of which none exceeds the share `dominant`. A line
    with a flaw is found however few there are, and has no limit.
    """

    lines: int = Field(ge=1)
    topics: int = Field(ge=1)
    dominant: Share


class Rubric(Frozen):
    """How replies are scored: `rubric.yaml`. `goal` is the scale that tuning shall raise.

    `acts` are told by examples, in `acts.yaml`. `common` are the commonest words of the language;
    a reply that holds few of them is in another one.
    """

    goal: Name
    common: tuple[Words, ...] = Field(min_length=20)
    scales: dict[Name, Scale]
    flags: dict[Name, Flag]
    faults: dict[Name, ReplyFault]
    acts: dict[Name, ReplyAct] = Field(min_length=2)
    places: Places
    satisfaction: Satisfaction
    time: ResponseTime
    soundness: Soundness

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        signs = {f"{s}.{n}" for s, scale in self.scales.items() for n in scale.signs}
        faults = _unknown("scale", [self.goal, *self.satisfaction.scales], self.scales)
        faults += _unknown("flag", self.satisfaction.flags, self.flags)
        acts = [
            a
            for scale in self.scales.values()
            for s in scale.signs.values()
            for a in (*s.acts, *s.unless)
        ]
        acts += [a for flag in self.flags.values() for a in flag.acts]
        faults += _unknown("act", acts, self.acts)
        for name, flag in self.flags.items():
            faults += _unknown(f"sign in {name!r}:", flag.signs, signs)
        for name, fault in self.faults.items():
            faults += _unknown(f"sign in {name!r}:", (*fault.found, *fault.lacks), signs)
            faults += _unknown(
                f"scale in {name!r}:", (*fault.at_most, *fault.at_least), self.scales
            )
            faults += _unknown(f"flag in {name!r}:", fault.flags, self.flags)
        _refuse(faults)
        return self


def misfits(world: World, rubric: Rubric) -> tuple[str, ...]:
    """What a world and a rubric say that doesn't fit together; empty when all is well."""
    marks: list[str] = [*rubric.satisfaction.marked]
    marks += [m for f in rubric.faults.values() for m in f.marks]
    marks += [s.mark for k in rubric.scales.values() for s in k.signs.values() if s.mark]
    places = rubric.places
    acts = [a.becomes for a in rubric.acts.values() if a.becomes]
    acts += [places.only, places.first, places.middle, places.last]
    return (
        *_unknown("mark in the rubric:", marks, world.marks),
        *_unknown("act in the rubric:", acts, world.acts),
    )
