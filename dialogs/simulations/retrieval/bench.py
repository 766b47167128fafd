"""The bench of the exercise on RAFT: a trial's settings become a reader, its answers figures."""

from collections.abc import Sequence
from dataclasses import replace

from content.retrieval import RetrievalContent
from dialogs.simulations.experiment import Case, Passage, Tried, Values, one
from dialogs.simulations.recorded_run import Course, Model, RecordableBench
from dialogs.simulations.retrieval.raft import (
    SHOWN,
    WAYS,
    Answer,
    Mix,
    Said,
    answered,
    course,
    says,
    trained,
)
from dialogs.simulations.retrieval.reader import Reader
from dialogs.simulations.retrieval.shop import Shop

SHOWN_OF_A_KIND = 2  # cases with wrong answers, with right ones, and without their page
UNTRAINED = "untrained"


class PageBench(RecordableBench):
    """Pages, a retriever and a reader."""

    def __init__(self, content: RetrievalContent) -> None:
        super().__init__(content)
        self._shop = Shop(content.bench)

    def run(self, experiment: str, values: Values, seed: int) -> Tried:
        """Train a reader on the examples that the settings make, and ask it four ways."""
        del experiment  # there is one
        mix = _mix(values)
        reader, _ = trained(self._shop, mix, seed)
        found = {name: answered(self._shop, reader, way) for name, way in WAYS.items()}
        # The base model quotes nothing: nobody has shown it how.
        quotes = mix.quotes and mix.oracle is not None
        return Tried(figures(found, quotes=quotes), self._cases(found, quotes=quotes))

    def course(self, values: Values, seed: int) -> Course:
        """The reader's losses, epoch by epoch."""
        return Course(course(self._shop, _mix(values), seed))

    def models(self, values: Values, seed: int) -> tuple[Model, Model]:
        """The reader before its training and after it, both with the pages that are found."""
        mix = _mix(values)
        untrained, _ = trained(self._shop, replace(mix, oracle=None), seed)
        reader, _ = trained(self._shop, mix, seed)
        return self._reads(untrained, quotes=False), self._reads(reader, quotes=mix.quotes)

    def _reads(self, reader: Reader, *, quotes: bool) -> Model:
        def model(question: str) -> str:
            shown = self._shop.ranked(question)[:SHOWN]
            return self._said(says(self._shop, reader, question, shown), quotes=quotes)

        return model

    def _cases(self, found: dict[str, list[Answer]], *, quotes: bool) -> tuple[Case, ...]:
        with_pages, without = found["retrieved"], found["missing"]
        wrong = _some([answer for answer in with_pages if not answer.right])
        right = _some([answer for answer in with_pages if answer.right])
        return (
            *(self._case(answer, quotes=quotes) for answer in (*wrong, *right)),
            *(self._taken_out(answer, quotes=quotes) for answer in _some(without)),
        )

    def _case(self, answer: Answer, *, quotes: bool) -> Case:
        title, said = answer.ask.text, self._said(answer, quotes=quotes)
        return Case(title=title, said=said, right=answer.right, behind=self._behind(answer))

    def _taken_out(self, answer: Answer, *, quotes: bool) -> Case:
        """A question whose page was taken out: declining is right, and so is a true memory."""
        title = self._shop.content.taken_out.format(question=answer.ask.text)
        said, right = self._said(answer, quotes=quotes), answer.declined or answer.right
        return Case(title=title, said=said, right=right, behind=self._behind(answer))

    def _said(self, answer: Said, *, quotes: bool) -> str:
        says = self._shop.content.says
        if answer.declined:
            return says.nowhere
        if answer.page is None:
            return (says.remembered if quotes else says.plain).format(value=answer.value)
        page = self._shop.pages[answer.page]
        if answer.fact is None:
            return says.empty.format(text=page.opening)
        text = page.facts[answer.fact].text
        if not quotes:
            return says.plain.format(value=answer.value)
        return says.quoted.format(title=page.title, text=text, value=answer.value)

    def _behind(self, answer: Answer) -> tuple[Passage, ...]:
        """The pages that it was given: the one with the answer, and the one that led it astray."""
        passages = []
        for at in answer.shown:
            page = self._shop.pages[at]
            astray = at == answer.page and not answer.right
            mark = "good" if at == answer.ask.page else "bad" if astray else ""
            text = " ".join([page.opening, *(fact.text for fact in page.facts)])
            passages.append(Passage(title=page.title, text=text, mark=mark))
        return tuple(passages)


def _mix(values: Values) -> Mix:
    oracle = one(values, "oracle")
    return Mix(
        oracle=None if oracle == UNTRAINED else int(oracle) / 100,
        distractors=int(one(values, "distractors")),
        quotes=one(values, "answers") == "quote",
        declines=one(values, "without") == "decline",
    )


def figures(found: dict[str, list[Answer]], *, quotes: bool) -> dict[str, float]:
    """The figures of a trial, shares of 0.0 to 1.0.

    `precision` is of the answers given, all others of the questions asked: `right` with the pages
    that the retriever found, `given` with the right page alone, `closed` with none. `invented` and
    `declined` are without the right page. `found` is how often the retriever had it among its
    pages, `backed` how often the answer quoted the very sentence that says so.
    """
    with_pages, without = found["retrieved"], found["missing"]
    said = [answer for answer in with_pages if not answer.declined]
    return {
        "precision": sum(answer.right for answer in said) / len(said) if said else 0.0,
        "right": _share([answer.right for answer in with_pages]),
        "given": _share([answer.right for answer in found["oracle"]]),
        "closed": _share([answer.right for answer in found["closed"]]),
        "invented": _share([not (answer.declined or answer.right) for answer in without]),
        "declined": _share([answer.declined for answer in without]),
        "found": _share([answer.ask.page in answer.shown for answer in with_pages]),
        "backed": _share([quotes and answer.at_its_source for answer in with_pages]),
    }


def _share(which: Sequence[bool]) -> float:
    return sum(which) / len(which)


def _some(answers: Sequence[Answer]) -> list[Answer]:
    """A few of them, from the beginning and from the middle."""
    step = max(len(answers) // SHOWN_OF_A_KIND, 1)
    return list(answers[::step][:SHOWN_OF_A_KIND])
