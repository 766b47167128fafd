"""A model that speaks: it composes a reply phrase by phrase.

After the phrases said so far, the next phrase v has

    p(v | message, said) = softmax_v( context(message, said) @ ranks  +  prompt )

and a reply's probability is the product over its phrases and the ending. `ranks` is what
pre-training and tuning learnt; nothing else makes a model what it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from content.world import END
from dialogs.simulations.persona.features import Features, Floats
from dialogs.simulations.persona.phrase import LONGEST_REPLY, Phrase, Phrases, text_of
from dialogs.simulations.persona.prompting import Nudge

Place = Callable[[str], str | None]
See = Callable[[str], frozenset[str]]


@dataclass(frozen=True)
class Spoken:
    """What a model said to a message. `placed` is False where it could not tell the intent."""

    text: str
    intent: str | None
    placed: bool
    phrases: Phrases = ()


@dataclass(frozen=True)
class Voice:
    """What is the same for all models of a company: how a message is understood."""

    features: Features
    place: Place
    see: See
    unplaced: str
    speechless: str


@dataclass(frozen=True)
class Model:
    """What each context feature adds to each phrase's logit; a learner's sentences come last."""

    voice: Voice
    phrases: tuple[Phrase, ...]
    ranks: Floats  # contexts x phrases
    nudge: Nudge | None = None
    _answers: dict[tuple[str | None, frozenset[str]], Phrases] = field(
        default_factory=dict, repr=False, compare=False
    )

    def reply(self, message: str, intent: str | None = None) -> Spoken:
        """Answer a message, as one about `intent` where the writer has said so.

        One that can't be placed gets honest words instead.
        """
        intent = intent or self.voice.place(message)
        if intent is None:
            return Spoken(self.voice.unplaced, None, placed=False)
        said = self.answer(intent, self.voice.see(message))
        return Spoken(text_of(said) or self.voice.speechless, intent, placed=True, phrases=said)

    def answer(self, intent: str | None, marks: frozenset[str]) -> Phrases:
        """The likeliest next phrase, again and again, until the ending."""
        if (known := self._answers.get((intent, marks))) is not None:
            return known
        features = self.voice.features
        start = features.message(intent, marks)
        reply: Phrases = ()
        while len(reply) < LONGEST_REPLY:
            logits = features.said(start, reply) @ self.ranks
            if self.nudge is not None:
                logits = logits + self.nudge.logits(reply, marks)
            best = self.phrases[int(np.argmax(logits))]
            if best.act == END:
                break
            reply = (*reply, best)
        self._answers[intent, marks] = reply
        return reply
