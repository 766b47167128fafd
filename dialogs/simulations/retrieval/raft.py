"""RAFT: examples are made as the learner sets them, a reader is trained, and asked four ways.

After Zhang et al., "RAFT: Adapting Language Model to Domain Specific RAG" (arXiv 2403.10131):
a share P of the examples holds the page with the answer among distractors, the rest distractors
alone, and the wanted answer quotes the page. What is simpler here is said in the lesson.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dialogs.simulations.retrieval.reader import Ints, Reader, Reading, epochs, loss, train
from dialogs.simulations.retrieval.shop import Ask, Shop

SHOWN = 4  # pages that the retriever puts before the reader when it is judged


@dataclass(frozen=True)
class Mix:
    """How training examples are made.

    `oracle` is the share that holds the page with the answer, 0.0 to 1.0; None trains nothing.
    `distractors` is the number of other pages in each, those that the retriever ranks highest.
    With `quotes` the wanted answer names its sentence; without, it is a value and nothing else.
    `declines`: whether an example without its page wants "it isn't there" in place of the answer.
    """

    oracle: float | None
    distractors: int
    quotes: bool
    declines: bool


@dataclass(frozen=True)
class Said:
    """What the reader said: `page` and `fact` are its source, `page` None where remembered.

    `value` is None where it declined or copied a sentence that answers nothing.
    """

    value: str | None = None
    declined: bool = False
    page: int | None = None
    fact: int | None = None


@dataclass(frozen=True, kw_only=True)
class Answer(Said):
    """The same to a question of which the truth is known, with the pages it was `shown`."""

    ask: Ask
    shown: tuple[int, ...]
    right: bool = False

    @property
    def at_its_source(self) -> bool:
        """Whether it was copied from the very statement that answers the question."""
        return (self.page, self.fact) == (self.ask.page, self.ask.fact)


def examples(shop: Shop, mix: Mix, dice: np.random.Generator) -> list[tuple[Reading, Ints]]:
    """The training examples; which of them lack their page is drawn, as many as the share says."""
    asks = shop.trained_on()
    with_page = np.zeros(len(asks), bool)
    with_page[dice.permutation(len(asks))[: round((mix.oracle or 0.0) * len(asks))]] = True
    made = []
    for ask, holds in zip(asks, with_page, strict=True):
        others = [at for at in shop.ranked(ask.text) if at != ask.page][: mix.distractors]
        shown = [*([ask.page] if holds else []), *others]
        shown = [shown[at] for at in dice.permutation(len(shown))]
        wanted = _wanted(shop, mix, ask, shown, holds=bool(holds))
        made.append((shop.reading(ask.text, shown, then=True), wanted))
    return made


def _wanted(shop: Shop, mix: Mix, ask: Ask, shown: Sequence[int], *, holds: bool) -> Ints:
    sentences = shop.sentences(shown, then=True)
    end = len(sentences) + len(shop.remembered)
    if not holds and mix.declines:
        return np.array([end])
    wanted = shop.statement(ask.page, ask.fact).before
    if mix.quotes and holds:
        place = [(one.page, one.fact) for one in sentences].index((ask.page, ask.fact))
        return np.array([place])
    known = [len(sentences) + at for at, place in enumerate(shop.remembered)]
    if mix.quotes:
        return np.array([known[shop.remembered.index((ask.page, ask.fact))]])
    same = [
        at
        for at, one in enumerate(sentences)
        if one.fact is not None and shop.statement(one.page, one.fact).before == wanted
    ]
    same += [
        at
        for at, place in zip(known, shop.remembered, strict=True)
        if shop.statement(*place).before == wanted
    ]
    return np.array(same)


def trained(shop: Shop, mix: Mix, seed: int) -> tuple[Reader, list[float]]:
    """A reader trained on the mix, and its mean loss in each epoch (none where untrained)."""
    reader = Reader(shop.index.rarity, len(shop.remembered))
    if mix.oracle is None:
        return reader, []
    dice = np.random.default_rng(seed)
    return reader, train(reader, examples(shop, mix, dice), dice)


# The four ways in which the same questions are put: which pages the reader is given.
Way = Callable[[Shop, Ask], list[int]]
WAYS: Mapping[str, Way] = {
    "closed": lambda _, __: [],
    "oracle": lambda _, ask: [ask.page],
    "retrieved": lambda shop, ask: shop.ranked(ask.text)[:SHOWN],
    "missing": lambda shop, ask: [at for at in shop.ranked(ask.text) if at != ask.page][:SHOWN],
}


def answered(shop: Shop, reader: Reader, way: Way) -> list[Answer]:
    """What the reader answers to the held-out questions when pages are put before it so."""
    return [_answer(shop, reader, ask, way(shop, ask)) for ask in shop.held_out()]


def _answer(shop: Shop, reader: Reader, ask: Ask, shown: Sequence[int]) -> Answer:
    said = says(shop, reader, ask.text, shown)
    truth = shop.statement(ask.page, ask.fact).value
    return Answer(
        value=said.value,
        declined=said.declined,
        page=said.page,
        fact=said.fact,
        ask=ask,
        shown=tuple(shown),
        right=said.value == truth,
    )


def says(shop: Shop, reader: Reader, question: str, shown: Sequence[int]) -> Said:
    """What the reader says to any question when these pages are put before it."""
    best = int(reader.chances(shop.reading(question, shown, then=False)).argmax())
    sentences = shop.sentences(shown, then=False)
    if best < len(sentences):
        one = sentences[best]
        value = None if one.fact is None else shop.statement(one.page, one.fact).value
        return Said(value, page=one.page, fact=one.fact)
    if best < len(sentences) + len(shop.remembered):
        return Said(shop.statement(*shop.remembered[best - len(sentences)]).before)
    return Said(declined=True)


def course(shop: Shop, mix: Mix, seed: int) -> tuple[tuple[float, float], ...]:
    """The losses of a training, before it and after each epoch: of its examples, and held out.

    A held-out question comes with the pages that the retriever finds. Its wanted answer is the
    sentence that says it today or, where that page wasn't found, that it isn't there.
    """
    reader = Reader(shop.index.rarity, len(shop.remembered))
    dice = np.random.default_rng(seed)
    shown = examples(shop, mix, dice)
    held_out = [_held_out(shop, ask) for ask in shop.held_out()]

    def losses() -> tuple[float, float]:
        return loss(reader, shown), loss(reader, held_out)

    start = losses()
    return (start, *(losses() for _ in epochs(reader, shown, dice)))


def _held_out(shop: Shop, ask: Ask) -> tuple[Reading, Ints]:
    pages = WAYS["retrieved"](shop, ask)
    places = [(one.page, one.fact) for one in shop.sentences(pages, then=False)]
    there = (ask.page, ask.fact)
    end = len(places) + len(shop.remembered)
    wanted = places.index(there) if there in places else end
    return shop.reading(ask.text, pages, then=False), np.array([wanted])
