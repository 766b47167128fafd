"""The shop's pages as the retriever and the reader meet them: then, in training, and today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from content.retrieval import Page, Retrieval, Statement, Subject
from dialogs.simulations.retrieval.reader import TIES, Reading
from dialogs.simulations.retrieval.search import Floats, Index, words


@dataclass(frozen=True)
class Ask:
    """A question, and the page and the statement on it that answer it, by their places."""

    text: str
    page: int
    fact: int


@dataclass(frozen=True)
class Sentence:
    """A sentence that could be copied: `fact` is None for a page's opening."""

    page: int
    fact: int | None
    text: str


class Shop:
    """The index over all pages, the questions, and what the reader is shown for one of them."""

    def __init__(self, content: Retrieval) -> None:
        """Build the index of today's pages; nothing is trained here."""
        self.content = content
        self.pages = content.pages
        wordings = [wording for subject in content.subjects for wording in subject.asks]
        self.index = Index([_whole(page) for page in self.pages], wordings)
        titles = [words(page.title) for page in self.pages]
        known = self.index.vocabulary
        self._titles = np.zeros((len(titles), len(known)))
        for row, title in zip(self._titles, titles, strict=True):
            row[[known[word] for word in title]] = 1
        self._names_a_page = self._titles.any(axis=0)
        self._likenesses: dict[str, Floats] = {}
        self._sentences = {
            then: [list(_sentences(at, page, then=then)) for at, page in enumerate(self.pages)]
            for then in (False, True)
        }
        self._bags = {
            then: [self._bag(sentences) for sentences in pages]
            for then, pages in self._sentences.items()
        }
        # What training can make the reader remember: every statement of a page that isn't new.
        self.remembered = [
            (at, number)
            for at, page in enumerate(self.pages)
            if not page.new
            for number in range(len(page.facts))
        ]

    def trained_on(self) -> list[Ask]:
        """The questions of training, each on a page that isn't new, in every wording."""
        return [
            Ask(wording.format(title=self.pages[page].title), page, fact)
            for page, fact in self.remembered
            for wording in self._subject(page, fact).asks
        ]

    def held_out(self) -> list[Ask]:
        """The questions that judge: one for each statement of every page, in unseen wordings."""
        asks = []
        for at, page in enumerate(self.pages):
            for number in range(len(page.facts)):
                wordings = self._subject(at, number).held_out
                wording = wordings[(at + number) % len(wordings)]
                asks.append(Ask(wording.format(title=page.title), at, number))
        return asks

    def _subject(self, page: int, fact: int) -> Subject:
        about = self.pages[page].facts[fact].about
        return next(s for s in self.content.subjects if s.id == about)

    def _bag(self, sentences: Sequence[Sentence]) -> Floats:
        """Which words each sentence has, one row each."""
        found = self.index.counts([sentence.text for sentence in sentences]) > 0
        return np.asarray(found, np.float64)

    def statement(self, page: int, fact: int) -> Statement:
        """A statement by its place."""
        return self.pages[page].facts[fact]

    def ranked(self, text: str) -> list[int]:
        """The pages, the one most like the question first; the earlier one where two are alike."""
        likeness = self._likeness(text)
        return sorted(range(len(self.pages)), key=lambda at: (-likeness[at], at))

    def sentences(self, shown: Sequence[int], *, then: bool) -> list[Sentence]:
        """What could be copied from these pages, as they were in training (`then`) or are today."""
        return [found for at in shown for found in self._sentences[then][at]]

    def reading(self, text: str, shown: Sequence[int], *, then: bool) -> Reading:
        """A question with the pages that are put before it, in that order."""
        vector, has = self.index.vectors([text])[0], self.index.counts([text])[0] > 0
        question = np.flatnonzero(vector)
        asked = np.flatnonzero(has & ~self._names_a_page)
        weights = self._titles * self.index.rarity
        shares = weights[:, has].sum(axis=1) / weights.sum(axis=1)
        likeness = self._likeness(text)
        rows = [
            (shares[at], shares[at] == 1.0, likeness[at], place == 0, one.fact is None)
            for place, at in enumerate(shown)
            for one in self._sentences[then][at]
        ]
        known = len(self.index.vocabulary)
        return Reading(
            question,
            vector[question],
            asked,
            np.full(len(asked), 1 / max(len(asked), 1) ** 0.5),
            np.concatenate([np.empty((0, known)), *(self._bags[then][at] for at in shown)]),
            np.array(rows, float).reshape(-1, TIES),
            np.array([1.0, max((shares[at] for at in shown), default=0.0), float(not shown)]),
        )

    def _likeness(self, text: str) -> Floats:
        if text not in self._likenesses:
            self._likenesses[text] = self.index.likeness([text])[0]
        return self._likenesses[text]


def _whole(page: Page) -> str:
    return " ".join([page.title, page.opening, *(fact.text for fact in page.facts)])


def _sentences(at: int, page: Page, *, then: bool) -> Iterator[Sentence]:
    yield Sentence(at, None, page.opening)
    for number, fact in enumerate(page.facts):
        text = fact.text.replace(fact.value, fact.before) if then else fact.text
        yield Sentence(at, number, text)
