"""A company: its models, how they hear, its rubric. Built once for a lesson, then shared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from content.lesson import Conversation
from content.world import Rubric, World
from dialogs.reading.encoder import vectors
from dialogs.reading.placing import Placed, Placing
from dialogs.reading.tone import Moods, ReplyActs
from dialogs.reading.typed import plain
from dialogs.simulations.computation import Simulation
from dialogs.simulations.persona.archive import Shelf, validation_file, variants
from dialogs.simulations.persona.features import Features
from dialogs.simulations.persona.hearing import Hearing
from dialogs.simulations.persona.matters import matters_of
from dialogs.simulations.persona.model import Model, Tuned, Voice
from dialogs.simulations.persona.phrase import Phrase, Phrasebook, written
from dialogs.simulations.persona.pretraining import Weights, pretrained
from dialogs.simulations.persona.prompting import Nudge, Prompting, usual
from dialogs.simulations.persona.scoring import HIGHEST, LOWEST, Score, Scorer
from dialogs.simulations.persona.training import Example, Training

PROMPTS = 32  # prompts whose models are kept ready to speak
REMEMBERED = 4096  # messages and scores that are kept at hand


class Company(Simulation):
    """Everything that a lesson's persona world can do. Costly parts are made on first use."""

    def __init__(self, world: World, rubric: Rubric) -> None:
        self.world = world
        self.rubric = rubric
        acts = ReplyActs(rubric.acts, written(world))
        self.features = Features(world)
        self.phrasebook = Phrasebook(world, rubric, acts)
        self._scorer = Scorer(rubric, acts, self.phrasebook.relation)
        self._moods = Moods(world.marks)
        self._placed = lru_cache(REMEMBERED)(self._place)
        self._prompted = lru_cache(PROMPTS)(self._prompt)
        self._marked = lru_cache(REMEMBERED)(self._moods.of)
        self._scored = lru_cache(REMEMBERED)(self._scorer.score)

    def warm(self) -> None:
        """Train what tells messages and replies apart and the base model, and let it speak once."""
        if self.placing is not None:
            self.placing.warm()
        self.base.reply("")
        message = next(iter(self.world.intents.values())).messages[0]
        self.score(self.base.reply(message).text, message)

    def texts(self, text: str) -> Sequence[str]:
        """What placing it reads."""
        return self.placing.texts(text) if self.placing else ()

    # --- understanding a message ----------------------------------------------------

    @cached_property
    def placing(self) -> Placing:
        """What tells what messages are about."""
        return Placing(matters_of(self.world))

    def _place(self, message: str) -> Placed:
        return self.placing.place(message)

    def read(self, message: str) -> Placed:
        """Where a message is placed: surely, to be asked about, or nowhere."""
        return self._placed(message)

    def place(self, message: str) -> str | None:
        """The intent that a message surely has, if any."""
        return self.read(message).intent

    def meant(self, message: str) -> str | None:
        """The intent that a message has, or the first of those between which it is unsure."""
        placed = self.read(message)
        return placed.intent or next(iter(placed.choices), None)

    def likeliest(self, message: str) -> str:
        """The intent that a message most likely has, sure or not."""
        placed = self.read(message)
        return placed.intent or max(zip(placed.shares, self.world.intents, strict=True))[1]

    def intent_of(self, message: str) -> str | None:
        """The intent that a message of the world has, or that of any other as it is placed."""
        return self._known.get(message) or self.place(message)

    @cached_property
    def _known(self) -> Mapping[str, str]:
        intents = self.world.intents.items()
        return {m: n for n, i in intents for m in (*i.messages, *i.validation, *i.customers)}

    def marks(self, message: str) -> frozenset[str]:
        """What the message shows of its writer."""
        return self._marked(message)

    # --- models ---------------------------------------------------------------------

    @cached_property
    def hearing(self) -> Hearing:
        """What all models hear with."""
        return Hearing(self.world, self.marks)

    @cached_property
    def base(self) -> Model:
        """The base model, pre-trained on first use."""
        ranks = self._pretrained.ranks(self.features.shared(self.phrasebook.phrases))
        return Model(self._voice, self.phrasebook.phrases, ranks)

    @cached_property
    def usual_prompting(self) -> Prompting:
        """What is in the prompt of who has chosen nothing."""
        return usual(self.world.prompted)

    def prompted(self, chosen: Prompting) -> Model:
        """The base model under a prompt; under an empty one it is the base model."""
        return self._prompted(chosen)

    def _prompt(self, chosen: Prompting) -> Model:
        if not chosen.instructions and not chosen.examples:
            return self.base
        nudge = Nudge(self.world.prompted, chosen, self.phrasebook)
        return replace(self.base, nudge=nudge, _answers={})

    def widened(self, new: tuple[Phrase, ...]) -> Model:
        """The base model with sentences it never saw, as likely as their features make them."""
        if not new:
            return self.base
        own = self._pretrained.shared @ self.features.shared(new).T
        return replace(self.base, phrases=self.base.phrases + new, own=own, _answers={})

    def tuned(self, training: Training, epoch: int | None = None) -> Model:
        """The tuned model of a checkpoint: the last without an epoch, or where it isn't kept."""
        weights = training.weights[training.deployable(epoch).epoch]
        down, up = weights.matrices
        wide = self.widened(tuple(p.phrase for p in training.phrases))
        psi = self.features.taught(wide.phrases, training.taught, len(training.phrases))
        messages = {plain(m): m for m in training.messages if plain(m)}
        anchors = vectors(training.messages)
        tuned = Tuned(down, psi.logits(up), anchors, messages, weights.base_share)
        return replace(wide, tuned=tuned, _answers={})

    @cached_property
    def _pretrained(self) -> Weights:
        return pretrained(self.world, self.hearing, self.features, self.phrasebook.phrases)

    @cached_property
    def _voice(self) -> Voice:
        words = self.world.unplaced, self.world.speechless
        return Voice(self.features, self.hearing, self.place, *words)

    # --- examples -------------------------------------------------------------------

    def archive(
        self, conversations: Iterable[Conversation], seed: int
    ) -> tuple[tuple[Example, ...], ...]:
        """For each of a lesson's conversations its lines, `variants` of them, none twice.

        A conversation's first line is itself; the others depend on all that are given.
        """
        shown = {c: Example(message=c.customer, reply=c.response) for c in conversations}
        taken = list(shown.values())
        lines = []
        for said, example in shown.items():
            shelf = Shelf(example, said.intent, said.character, said.variants)
            lines.append(variants(self.world, self.marks, shelf, seed, taken))
            taken += lines[-1]
        return tuple(lines)

    @cached_property
    def validation(self) -> tuple[Example, ...]:
        """The lesson's validation file."""
        return validation_file(self.world, self.marks)

    # --- judging --------------------------------------------------------------------

    def score(self, reply: str, message: str = "") -> Score:
        """Score any reply by the rubric; the message tells topic and mood."""
        intent = self.place(message) if message else None
        return self._scored(reply, intent, self.marks(message))

    def score_for(self, reply: str, intent: str | None, marks: frozenset[str]) -> Score:
        """Score a reply where intent and marks are known."""
        return self._scored(reply, intent, marks)

    def advice(self, reply: str, message: str) -> tuple[str, ...]:
        """What an author advises of a training line with this reply, by its flags."""
        carried = self.score(reply, message).flags
        flags = self.rubric.flags.items()
        return tuple(flag.advice for name, flag in flags if name in carried and flag.advice)

    def observe(self, reply: str, message: str, intent: str | None = None) -> tuple[str, ...]:
        """The rubric's faults that a reply shows, to a message about `intent` where it is known."""
        marks = self.marks(message)
        score = self.score_for(reply, intent or self.place(message), marks)
        return tuple(
            name
            for name, fault in self.rubric.faults.items()
            if all(score.values.get(s, HIGHEST) <= top for s, top in fault.at_most.items())
            and all(score.values.get(s, LOWEST) >= low for s, low in fault.at_least.items())
            and score.signs.issuperset(fault.found)
            and score.signs.isdisjoint(fault.lacks)
            and marks.issuperset(fault.marks)
            and score.flags.issuperset(fault.flags)
        )
