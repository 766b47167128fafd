"""What a message to a model is about: as it was read, or as the learner said when asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from content.strings import ModelStrings, Strings, TypingForms
from dialogs.reading.placing import Placed
from dialogs.reading.typed import beyond, chosen, plain
from dialogs.simulations.persona import Company
from dialogs.simulations.persona.model import Model
from dialogs.values.events import Typed
from dialogs.values.replies import Block, Bullets, Dialogue, Item, Text, Utterance
from dialogs.values.scene import StepEvent, Unclear

TOPICS = 3  # that are named where a message was about none
NEAR = 0.08  # share of an intent that a message is near enough to


@dataclass(frozen=True)
class Asked:
    """What a learner was asked: which of these intents a message of theirs is about."""

    message: str
    intents: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """A message, and the intent that it surely has; None where that isn't sure.

    `choices` are to be asked about; `second` is another matter of the same message.
    """

    message: str
    placed: Placed
    intent: str | None
    choices: tuple[str, ...] = ()
    second: str | None = None

    @property
    def rest(self) -> Asked | None:
        """What the learner may say of it next: one of the choices, or the second matter."""
        left = self.choices or ((self.second,) if self.second else ())
        return Asked(self.message, left) if left else None


def read(company: Company, message: str, persona: Model) -> Matter:
    """What a message is about, as far as can be told. An intent's own words are about it.

    One that the persona was trained on is neither asked about nor declined.
    """
    if persona.remembered(message) is not None:
        return known(company, message)
    placed = company.read(message)
    named = [n for n, i in company.world.intents.items() if plain(i.label) == plain(message)]
    if named:
        return Matter(message, placed, named[0])
    return Matter(message, placed, placed.intent, placed.choices, placed.second)


def known(company: Company, message: str) -> Matter:
    """What one of the lesson's own messages is about: the likeliest where it isn't sure."""
    return Matter(message, company.read(message), company.likeliest(message))


def answered(company: Company, asked: Asked | None, text: str, forms: TypingForms) -> Matter | None:
    """The message that was asked about, now that a text names one of the choices; else None."""
    if asked is None:
        return None
    named = chosen(text, items(company, asked.intents), forms)
    if named is None or len(named) != 1:
        return None
    return Matter(asked.message, company.read(asked.message), named[0])


def missing(company: Company, asked: Asked | None, text: str, strings: Strings) -> Unclear | None:
    """That none of the choices has the number that was typed."""
    words = strings.tutor
    if asked is None or len(asked.intents) == 1:  # one that is offered is no list
        return None
    number = beyond(text, items(company, asked.intents), words.typing)
    if number is None:
        return None
    return Unclear(words.no_such_number.format(number=number, last=len(asked.intents)))


def items(company: Company, intents: Sequence[str]) -> tuple[Item, ...]:
    """The intents as options."""
    return tuple(Item(name, company.world.intents[name].label) for name in intents)


def trace(given: StepEvent, message: str, speaker: str) -> tuple[Block, ...]:
    """The message that is answered; nothing where it is what the learner has just written."""
    if isinstance(given, Typed) and not given.by_button and given.text.strip() == message:
        return ()
    return (Dialogue((Utterance(speaker, message, "customer"),)),)


def labels(company: Company, intents: Sequence[str]) -> tuple[str, ...]:
    """The intents in words, as a learner may say them."""
    return tuple(item.text for item in items(company, intents))


def offered(company: Company, asked: Asked | None) -> tuple[str, ...]:
    """What a learner may answer, each for one tap."""
    return labels(company, asked.intents) if asked else ()


def question(company: Company, matter: Matter, words: ModelStrings) -> tuple[Block, ...]:
    """Do you mean this, or that? Any of them can be named by its number or in words."""
    options = Bullets(labels(company, matter.choices), numbered=True)
    return (Text(words.matter_ask), options, Text(words.matter_how, "small"))


def unknown(company: Company, matter: Matter, words: ModelStrings) -> tuple[Block, ...]:
    """What the model does know about: what comes nearest, one intent of a group, else the usual."""
    world, shares = company.world, matter.placed.shares
    ranked = sorted(zip(shares, world.intents, strict=True), key=lambda pair: -pair[0])
    near = [name for share, name in ranked if share >= NEAR]
    usual = [company.likeliest(pair.first) for pair in world.pairs]
    by_group: dict[str, str] = {}
    for name in (*near, *usual, *world.intents):
        if name not in world.recognition.polite:
            by_group.setdefault(world.intents[name].group or name, name)
    topics = labels(company, tuple(by_group.values())[:TOPICS])
    return (Text(words.matter_none.format(topics="; ".join(topics)), "small"),)


def more(company: Company, matter: Matter, words: ModelStrings) -> tuple[Block, ...]:
    """That a message holds a second matter, which can be asked for."""
    if not (matter.intent and matter.second):
        return ()
    first, second = labels(company, (matter.intent, matter.second))
    return (Text(words.matter_second.format(first=first, second=second)),)


def language(matter: Matter, locale: str, words: ModelStrings) -> tuple[Block, ...]:
    """That a message is in another language than the lesson's models answer in."""
    names, own = words.matter_languages, locale.partition("-")[0]
    other = matter.placed.language
    if other is None or other == own or own not in names:
        return ()
    return (Text(words.matter_language.format(other=names[other], own=names[own]), "small"),)
