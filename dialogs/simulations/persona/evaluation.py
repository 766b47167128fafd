"""Evaluation: the base, its rivals without training, and the tuned model on the same customers."""

from math import ceil
from sys import intern
from typing import Any, Literal

import numpy as np
from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer

from content.frozen import Frozen
from content.stored import Document
from content.world import ResponseTime, Segment
from dialogs.simulations.computation import Recipe, Result, recipe_key
from dialogs.simulations.persona.company import Company
from dialogs.simulations.persona.features import Indices
from dialogs.simulations.persona.model import Model
from dialogs.simulations.persona.phrase import Phrases, text_of
from dialogs.simulations.persona.prompting import Prompting, prompt_tokens
from dialogs.simulations.persona.scoring import HIGHEST, LOWEST, Score
from dialogs.simulations.persona.training import Training, message_digest

ModelVariant = Literal["base", "prompted", "few-shot", "tuned"]
RIVALS: tuple[ModelVariant, ...] = ("prompted", "few-shot")  # what tuning has to beat


class EvaluationRecipe(Recipe):
    """Everything that decides an evaluation. `epoch` None is the training's last checkpoint.

    `prompting` is what the learner put into the rivals' prompt; None is what is usual there.
    `customers`: at most so many; each is a sentence of its own.
    """

    training_key: str
    epoch: int | None = None
    customers: int = Field(default=480, ge=20, le=480)
    seed: int = 31
    prompting: Prompting | None = None

    @model_serializer(mode="wrap")
    def _as_before(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out the usual prompt: recipes of before prompts could be chosen keep their keys."""
        told: dict[str, Any] = write(self)
        if self.prompting is None:
            told.pop("prompting", None)
        return told

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The training whose model is evaluated."""
        return (self.training_key,) if self.training_key else ()


class HeldOutCustomers(Frozen):
    """Held-out customers, each thing of them in a column.

    What they wrote, their true intent (which no model is told), its family, and their marks.
    """

    messages: tuple[str, ...]
    intents: tuple[str, ...]
    families: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...]

    @field_validator("messages", "intents", "families")
    @classmethod
    def _shared(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Hold each text once: most evaluations ask the same customers."""
        return tuple(map(intern, texts))

    def __len__(self) -> int:
        return len(self.messages)

    def of(self, segment: Segment) -> Indices:
        """The places of the customers of a kind."""
        kept = [
            (segment.family is None or segment.family == family)
            and (segment.mark is None or segment.mark in marks)
            and (segment.without is None or segment.without not in marks)
            for family, marks in zip(self.families, self.marks, strict=True)
        ]
        return np.flatnonzero(kept)


class SaidReply(Frozen):
    """A distinct reply, its flags and the modelled time that it takes."""

    text: str
    flags: tuple[str, ...]
    seconds: float


class Answers(Frozen):
    """What one model said to every customer, compactly: a digit or an index for each.

    `scales` and `satisfaction` are strings of digits 1 to 5; `accurate` of 0 and 1.
    `prompt_tokens` are read before each customer's message.
    """

    replies: tuple[SaidReply, ...]
    reply_of: tuple[int, ...]
    scales: dict[str, str]
    accurate: str
    satisfaction: str
    prompt_tokens: int

    def reply(self, place: int) -> SaidReply:
        """What the customer at this place was told."""
        return self.replies[self.reply_of[place]]


class Evaluation(Result):
    """The models on the same held-out customers.

    "tuned" is absent without a training, "few-shot" where the prompt holds no examples.

    `flag_metrics` are the dashboard's names for the shares of replies without a flag.
    """

    training_key: str | None
    epoch: int | None
    goal: str
    satisfied: int
    flag_metrics: dict[str, str]
    flag_limits: dict[str, float]
    segments: dict[str, Segment]
    customers: HeldOutCustomers
    sides: dict[ModelVariant, Answers]

    @property
    def rivals(self) -> tuple[ModelVariant, ...]:
        """The models that nobody trained, beside the base."""
        return tuple(side for side in RIVALS if side in self.sides)

    def places(self, segment: str | None = None) -> Indices:
        """Where the customers of one kind stand, or all."""
        if segment is None:
            return np.arange(len(self.customers))
        return self.customers.of(self.segments[segment])


def customers(
    company: Company, size: int, seed: int, seen: frozenset[str] = frozenset()
) -> HeldOutCustomers:
    """Held-out customers in an order drawn by `seed`: the intents in turn, no sentence twice.

    At most `size`, and none of `seen`, which a model may have been trained on.
    """
    dice = np.random.default_rng(seed)
    intents = company.world.intents
    turns: list[tuple[int, int, str, str]] = []
    places = dice.permutation(len(intents)).tolist()
    for place, (name, intent) in zip(places, intents.items(), strict=True):
        held = [m for m in intent.customers if message_digest(m) not in seen]
        order = dice.permutation(len(held)).tolist()
        turns += [(turn, place, name, held[at]) for turn, at in enumerate(order)]
    drawn = [(name, message) for _, _, name, message in sorted(turns)[:size]]
    return HeldOutCustomers(
        messages=tuple(message for _, message in drawn),
        intents=tuple(name for name, _ in drawn),
        families=tuple(intents[name].family for name, _ in drawn),
        marks=tuple(tuple(sorted(company.marks(message))) for _, message in drawn),
    )


def is_accurate(company: Company, reply: Phrases, intent: str) -> bool:
    """An answer or a needed question for the true intent, and nothing of another's."""
    answers = any(p.intent == intent and p.act in company.world.answering for p in reply)
    return answers and not is_astray(reply, intent)


def response_time(clock: ResponseTime, text: str, prompt_tokens: int = 0) -> float:
    """Seconds until a reply is complete: the prompt is read, then the reply written."""
    tokens = ceil(len(text) / clock.characters_per_token)
    reads = prompt_tokens / clock.read_per_s
    return round(clock.wait_s + reads + tokens / clock.tokens_per_s, 3)


def prompts_of(chosen: Prompting) -> dict[ModelVariant, Prompting]:
    """What each rival has in its prompt."""
    prompts: dict[ModelVariant, Prompting] = {
        "prompted": Prompting(instructions=chosen.instructions)
    }
    if chosen.examples:
        prompts["few-shot"] = chosen
    return prompts


def evaluate(company: Company, training: Training | None, recipe: EvaluationRecipe) -> Evaluation:
    """Put the same customers to the base, its rivals and (with a training) the tuned model."""
    seen = training.seen_messages if training else frozenset[str]()
    crowd = customers(company, recipe.customers, recipe.seed, seen)
    prompts = {"base": Prompting(), **prompts_of(recipe.prompting or company.usual_prompting)}
    models: dict[ModelVariant, Model] = {s: company.prompted(p) for s, p in prompts.items()}
    if training:
        models["tuned"] = company.tuned(training, recipe.epoch)
    # A tuned model keeps the base's system message, and needs no more.
    clock, bare = company.rubric.time, Prompting()
    tokens = {
        side: prompt_tokens(clock, company.world.prompted, prompts.get(side, bare))
        for side in models
    }
    noise = np.random.default_rng([recipe.seed, 1]).normal(size=len(crowd))
    noise *= company.rubric.satisfaction.noise
    limited = {n: f for n, f in company.rubric.flags.items() if f.metric}
    return Evaluation(
        recipe_key=recipe_key(recipe),
        training_key=training.recipe_key if training else None,
        epoch=training.deployable(recipe.epoch).epoch if training else None,
        goal=company.rubric.goal,
        satisfied=company.rubric.satisfaction.satisfied,
        flag_metrics={n: f.metric for n, f in limited.items() if f.metric},
        flag_limits={n: f.limit for n, f in limited.items()},
        segments=company.world.segments,
        customers=crowd,
        sides={
            side: _answers(company, model, tokens[side], crowd, noise.tolist())
            for side, model in models.items()
        },
    )


def _answers(
    company: Company, model: Model, tokens: int, crowd: HeldOutCustomers, noise: list[float]
) -> Answers:
    clock = company.rubric.time
    replies: dict[str, SaidReply] = {}
    places: dict[str, int] = {}
    reply_of, accurate, satisfied = [], [], []
    digits: dict[str, list[str]] = {s: [] for s in company.rubric.scales}
    # A model answers what it is asked: to ask back or to decline is the chat's part around it.
    answers = model.answers(crowd.messages)
    marked = map(frozenset, crowd.marks)
    for phrases, intent, marks, luck in zip(answers, crowd.intents, marked, noise, strict=True):
        # Scored as said: the words shown for silence earn nothing.
        said = text_of(phrases)
        shown = said or company.world.speechless
        score = company.score_for(said, intent, marks)
        if shown not in replies:
            places[shown] = len(replies)
            seconds = response_time(clock, shown, tokens)
            flags = tuple(sorted(score.flags))
            replies[shown] = SaidReply(text=shown, flags=flags, seconds=seconds)
        reply_of.append(places[shown])
        right = is_accurate(company, phrases, intent)
        astray = is_astray(phrases, intent)
        accurate.append("1" if right else "0")
        felt = _felt(company, score, marks, right=right, astray=astray)
        satisfied.append(str(int(min(HIGHEST, max(LOWEST, round(felt + luck))))))
        for scale, value in score.values.items():
            digits[scale].append(str(value))
    return Answers(
        replies=tuple(replies.values()),
        reply_of=tuple(reply_of),
        scales={scale: "".join(d) for scale, d in digits.items()},
        accurate="".join(accurate),
        satisfaction="".join(satisfied),
        prompt_tokens=tokens,
    )


def is_astray(reply: Phrases, intent: str) -> bool:
    """Whether any of it belongs to another intent."""
    return any(p.intent not in (None, intent) for p in reply)


def _felt(
    company: Company, score: Score, marks: frozenset[str], *, right: bool, astray: bool
) -> float:
    rule = company.rubric.satisfaction
    weights = next((w for m, w in rule.marked.items() if m in marks), rule.scales)
    felt = sum(weight * score.raw[scale] for scale, weight in weights.items())
    felt += sum(weight for flag, weight in rule.flags.items() if flag in score.flags)
    return felt + rule.accurate * right + rule.wrong * astray


def with_usual_prompting(recipe: Document) -> Document:
    """Nothing changes: nobody could put together a prompt of their own yet."""
    return recipe
