"""A model that speaks: it composes a reply phrase by phrase.

After the phrases said so far, the next phrase v has

    p(v | message, said) = softmax_v( s · x @ ranks  +  (x, memory) @ down @ up  +  prompt )

where x is the reply so far beside what was heard of the message, and a reply's probability is
the product over its phrases and the ending. No phrase is said twice in a reply. `ranks` is what
pre-training learnt, `down` and `up` what tuning did, s is the share of the first that tuning has
left; nothing else makes a model what it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from content.world import END
from dialogs.reading.typed import plain
from dialogs.simulations.persona.features import Features, Floats
from dialogs.simulations.persona.hearing import Heard, Hearing
from dialogs.simulations.persona.phrase import LONGEST_REPLY, Phrase, Phrases, text_of
from dialogs.simulations.persona.prompting import Nudge

# A tuned model's memory of its messages: the cosine at which one is half recalled, how softly, and
# the weight of one that is the very same. Paraphrases have cosines of .5 to .9, others below .5.
RECALLED, SOFTNESS, MEMORY = 0.55, 0.05, 3.0
REMEMBERED = 2048  # messages whose answers a model has at hand


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
    hearing: Hearing
    place: Callable[[str], str | None]
    unplaced: str
    speechless: str


@dataclass(frozen=True, eq=False)
class Tuned:
    """What tuning added: a low-rank update, and the vectors of the messages trained on.

    `down` is contexts and then messages x rank, `up` is rank x phrases. `messages` are those
    trained on, by their plain words. `base_share` is how much of what the base knew is left.
    """

    down: Floats
    up: Floats
    anchors: Floats
    messages: Mapping[str, str]
    base_share: float


def memory(anchors: Floats, messages: Floats) -> Floats:
    """How near each message is to each one trained on: 0 to `MEMORY`, messages x anchors."""
    cosines = messages @ anchors.T
    near: Floats = np.float32(MEMORY) / (1 + np.exp((np.float32(RECALLED) - cosines) / SOFTNESS))
    return near


@dataclass(frozen=True, eq=False)
class Model:
    """A base model, or one that was tuned or is prompted.

    `ranks` are contexts x the world's phrases, `own` contexts x the learner's own sentences,
    which come last in `phrases`.
    """

    voice: Voice
    phrases: Phrases
    ranks: Floats
    own: Floats | None = None
    tuned: Tuned | None = None
    nudge: Nudge | None = None
    _answers: dict[tuple[str, str | None], Phrases] = field(default_factory=dict, repr=False)

    @cached_property
    def _places(self) -> dict[Phrase, int]:
        return {p: at for at, p in enumerate(self.phrases)}

    def reply(self, message: str, intent: str | None = None) -> Spoken:
        """Answer a message, as one about `intent` where the writer has said so.

        One that can't be placed gets honest words instead. One that the model was trained on is
        heard as it was then, whatever it is about.
        """
        remembered = self.remembered(message)
        placed = intent or self.voice.place(message)
        if placed is None and remembered is None:
            return Spoken(self.voice.unplaced, None, placed=False)
        (said,) = (
            self.answers([message], intent) if remembered is None else self.answers([remembered])
        )
        return Spoken(text_of(said) or self.voice.speechless, placed, placed=True, phrases=said)

    def remembered(self, message: str) -> str | None:
        """The message trained on that has the same words, if any."""
        return self.tuned.messages.get(plain(message)) if self.tuned else None

    def answers(self, messages: Sequence[str], intent: str | None = None) -> list[Phrases]:
        """What the model says to each message, whether it could be placed or not."""
        new = [m for m in dict.fromkeys(messages) if (m, intent) not in self._answers]
        if len(self._answers) + len(new) > REMEMBERED:
            self._answers.clear()
            new = list(dict.fromkeys(messages))
        if new:
            heard = self.voice.hearing.hear(new, intent)
            for message, reply in zip(new, self._composed(heard), strict=True):
                self._answers[message, intent] = reply
        return [self._answers[m, intent] for m in messages]

    def base_logits(self, x: Floats, first: int = 0) -> Floats:
        """The base's logits for the phrases; `x` are the columns of contexts from `first` on."""
        rows = slice(first, first + x.shape[1])
        known: Floats = x @ self.ranks[rows]
        return known if self.own is None else np.hstack([known, x @ self.own[rows]])

    def _composed(self, heard: Sequence[Heard]) -> list[Phrases]:
        """For each message the likeliest next phrase not said yet, until the ending."""
        flow = self.voice.features.flow
        about = np.stack([h.row for h in heard])
        always = self.base_logits(about, flow)
        tuned = self.tuned
        if tuned is not None:
            near = memory(tuned.anchors, np.stack([h.vector for h in heard]))
            hidden = np.hstack([about, near]) @ tuned.down[flow:]
        replies: list[Phrases] = [()] * len(heard)
        open_ones = np.arange(len(heard))
        for _ in range(LONGEST_REPLY):
            stages = np.stack([self.voice.features.said(replies[i]) for i in open_ones])
            logits = always[open_ones] + self.base_logits(stages)
            if tuned is not None:
                logits *= np.float32(tuned.base_share)
                logits += (hidden[open_ones] + stages @ tuned.down[:flow]) @ tuned.up
            if self.nudge is not None:
                said = ((replies[i], heard[i]) for i in open_ones.tolist())
                logits += np.stack([self.nudge.logits(r, h.marks, h.vector) for r, h in said])
            for row, i in enumerate(open_ones):
                logits[row, [self._places[p] for p in replies[i]]] = -np.inf
            going = []
            for i, best in zip(open_ones, logits.argmax(1), strict=True):
                phrase = self.phrases[int(best)]
                if phrase.act != END:
                    replies[i] = (*replies[i], phrase)
                    going.append(i)
            open_ones = np.array(going, np.intp)
            if not going:
                break
        return replies
