"""Phrases: the sentences that replies are made of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from content.world import END, Relation, Rubric, World
from dialogs.reading.encoder import vectors
from dialogs.reading.heads import Head, head
from dialogs.reading.tone import ReplyActs

# Shares from which a sentence that nobody has written before is about a message's intent or its
# group, or about another group.
ABOUT, NEAR_BY, ASTRAY = 0.25, 0.5, 0.8
LONGEST_PHRASE = 300  # characters of a learner's sentence that are kept
LONGEST_REPLY = 8  # phrases; a reply that has not ended by then is cut


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence of a reply. `intent` is None where it fits any message."""

    text: str
    act: str
    intent: str | None


Phrases = tuple[Phrase, ...]
ENDING = Phrase("", END, None)


def text_of(reply: Phrases) -> str:
    """The reply as it is read."""
    return " ".join(p.text for p in reply)


def sentences(text: str) -> list[str]:
    """The sentences that hold a word, without the space around them."""
    # A line break ends a sentence too: structured replies have one point a line.
    parts = re.split(r"(?<=[.!?])\s+|\n+", text.strip())
    return [p.strip() for p in parts if re.search(r"\w", p)]


def bare(text: str) -> str:
    """The words alone, for comparing: lower case, no punctuation."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def written(world: World) -> dict[str, str]:
    """The act of each sentence that the world's author wrote."""
    own = [intent.phrases for intent in world.intents.values()]
    return {
        sentence: act
        for phrases in (*own, world.generic)
        for act, texts in phrases.items()
        for text in texts
        for sentence in sentences(text)
    }


class Phrasebook:
    """All phrases of a world, and how a learner's own sentences become phrases."""

    def __init__(self, world: World, rubric: Rubric, acts: ReplyActs) -> None:
        self._world = world
        self._acts, self._places = acts, rubric.places
        self._becomes = {name: act.becomes for name, act in rubric.acts.items()}
        generic = [Phrase(t, act, None) for act, ts in world.generic.items() for t in ts]
        own = [
            Phrase(text, act, name)
            for name, intent in world.intents.items()
            for act, texts in intent.phrases.items()
            for text in texts
        ]
        self.phrases: tuple[Phrase, ...] = (*generic, *own, ENDING)
        self._known = {bare(p.text): p for p in (*own, *generic)}
        self._longest = max((len(sentences(p.text)) for p in self.phrases), default=1)

    def relation(self, text: str, intent: str | None) -> Relation:
        """How a text relates to a message of this intent (None: not placed)."""
        if intent is None:
            return "unknown"
        found = {self._related(part, intent) for part in self._parts(sentences(text))}
        return "own" if "own" in found else "other" if "other" in found else "none"

    def _related(self, sentence: str, intent: str) -> Relation:
        known = self._known.get(bare(sentence))
        if known is not None:
            return "none" if known.intent is None else "own" if known.intent == intent else "other"
        (shares,) = self._about.shares(vectors([sentence]))
        by_intent = dict(zip(self._about.labels, shares.tolist(), strict=True))
        group = self._world.intents[intent].group
        near = sum(by_intent[n] for n, i in self._world.intents.items() if i.group == group)
        if by_intent[intent] >= ABOUT or near >= NEAR_BY:
            return "own"
        return "other" if self._farthest(by_intent, group) >= ASTRAY else "none"

    def _farthest(self, by_intent: Mapping[str, float], group: str) -> float:
        """How surely a sentence is about some other group; courtesies are about none."""
        shares = dict.fromkeys((i.group for i in self._world.intents.values()), 0.0)
        for name, intent in self._world.intents.items():
            if name not in self._world.recognition.polite:
                shares[intent.group] += by_intent[name]
        return max(share for other, share in shares.items() if other != group)

    @cached_property
    def _about(self) -> Head:
        """Tells which intent a sentence of a reply is about; the label "" fits any."""
        said = {
            n: (*i.messages, *dict.fromkeys(t for texts in i.phrases.values() for t in texts))
            for n, i in self._world.intents.items()
        }
        return head({**said, "": tuple(t for texts in self._world.generic.values() for t in texts)})

    def read(self, reply: str, intent: str | None) -> Phrases:
        """Cut a written reply into phrases; sentences that are not known become new ones."""
        said = self._parts(sentences(reply))[:LONGEST_REPLY]
        at = self._places
        if len(said) == 1:
            places: Iterable[str] = [at.only]
        else:
            places = [at.first, *[at.middle] * (len(said) - 2), at.last]
        return (
            tuple(
                self._known.get(bare(s)) or self._new(s, intent, place)
                for s, place in zip(said, places, strict=True)
            )
            if said
            else ()
        )

    def _parts(self, said: list[str]) -> list[str]:
        """The sentences, those joined that make up a known phrase together."""
        parts: list[str] = []
        at = 0
        while at < len(said):
            sizes = range(min(self._longest, len(said) - at), 1, -1)
            size = next((n for n in sizes if bare(" ".join(said[at : at + n])) in self._known), 1)
            parts.append(" ".join(said[at : at + size]))
            at += size
        return parts

    def _new(self, sentence: str, intent: str | None, place: str) -> Phrase:
        act = self._becomes.get(self._acts.likeliest(sentence) or "") or place
        return Phrase(sentence[:LONGEST_PHRASE], act, intent)
