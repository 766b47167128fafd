"""Phrases: the sentences that replies are made of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from content.world import END, Relation, Rubric, World
from dialogs.reading.tone import ReplyActs

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


def topic_index(world: World) -> dict[str, frozenset[str]]:
    """For each topic word, with and without a plural s, the intents that it shows."""
    index: dict[str, set[str]] = {}
    for name, intent in world.intents.items():
        for word in intent.topic:
            for form in (word.lower(), word.lower() + "s"):
                index.setdefault(form, set()).add(name)
    return {word: frozenset(names) for word, names in index.items()}


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
        self.topics = topic_index(world)
        self._acts, self._places = acts, rubric.places
        self._becomes = {name: act.becomes for name, act in rubric.acts.items()}
        neutral = "|".join(re.escape(w) for w in world.neutral) or r"(?!)"
        self._neutral = re.compile(rf"\b(?:{neutral})\b", re.IGNORECASE)
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
        if intent in self.topics_of(text):
            return "own"
        return "other" if self.topics_of(self._neutral.sub(" ", text)) else "none"

    def topics_of(self, text: str) -> frozenset[str]:
        """The intents whose topic words the text uses."""
        words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.lower())
        return frozenset[str]().union(*(self.topics.get(w, ()) for w in words))

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
        about = intent if intent in self.topics_of(sentence) else None
        act = self._becomes.get(self._acts.likeliest(sentence) or "") or place
        return Phrase(sentence[:LONGEST_PHRASE], act, about)
