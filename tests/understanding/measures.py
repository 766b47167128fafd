"""Each blind set held against the product: how often it did what it should."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from tests.understanding import given, public
from tests.understanding.product import AbsentError, Product, Read, Verdict, sentences
from tests.understanding.sets import Free, Message, Sets

RUNS = (105, 106, 107)  # seeds of the trainings that own lines are looked for in
OWN = 3  # lines that a learner writes
WITHIN = 1  # points by which a reading may differ


@dataclass(frozen=True)
class Figure:
    """A share `hits` of `n`, and the goal set for it, if there is one.

    `hits` is whole, but for what is expected of who picks by chance.

    `trial` is what a first trial had measured for the like, on smaller sets.
    """

    set: str
    what: str
    hits: float
    n: int
    goal: float | None = None
    at_most: bool = False
    trial: str = ""

    @property
    def share(self) -> float:
        """0.0 to 1.0."""
        return self.hits / self.n if self.n else 0.0

    @property
    def error(self) -> float:
        """Two standard errors of the share."""
        return 2 * sqrt(self.share * (1 - self.share) / self.n) if self.n else 0.0

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.share <= self.goal if self.at_most else self.share >= self.goal


class Missing(NamedTuple):
    """A set that couldn't be measured, and why."""

    set: str
    why: str


Measure = Callable[[Product, Sets], Iterator[Figure]]


# --- messages ---------------------------------------------------------------------------


def everyday(product: Product, sets: Sets) -> Iterator[Figure]:
    """In scope: right at once, right or offered among the choices, wrong."""
    trial = ("86 % of 43", "91 % of 43", "1.7 % of 60")
    yield from _placed("everyday", product, sets.everyday(), (0.6, 0.8, 0.03), trial)


def later(product: Product, sets: Sets) -> Iterator[Figure]:
    """A second hand's everyday messages, and what is not for us."""
    inside, out = sets.later()
    yield from _placed("later", product, inside, (0.6, 0.8, 0.03))
    yield _answered("later: not for us", product, out)


def outside(product: Product, sets: Sets) -> Iterator[Figure]:
    """Out of scope: answered all the same."""
    held = sets.outside()
    near = [t for name, texts in held.items() if name.startswith("near") for t in texts]
    for name, texts in (("near", near), *held.items()):
        yield _answered(name, product, texts)


def foreign(product: Product, sets: Sets) -> Iterator[Figure]:
    """German and Spanish: wrong ones are those placed elsewhere, and any answer outside."""
    trials = {"german": ("", "72 % of 32", "1 of 40"), "spanish": ("", "81 % of 32", "1 of 40")}
    for language, trial in trials.items():
        inside, out = sets.foreign(language)
        meant = [*inside, *(Message(t, frozenset()) for t in out)]
        right, offered, _ = _placed(language, product, inside, (None, None, None), trial)
        yield right
        yield offered
        *_, wrong = _placed(language, product, meant, (None, None, 0.04), trial)
        yield wrong
    yield from _placed("other languages", product, sets.others(), (None, None, None))


def bitext(product: Product, file: Path) -> Iterator[Figure]:
    """Bitext's utterances: shares of those for us, wrong ones of all."""
    meant = public.bitext(file)
    ours = [m for m in meant if m.intents]
    trial = ("42 % of 1,080", "45 % of 1,080", "3.9 % of 1,080")
    right, offered, _ = _placed("bitext", product, ours, (0.55, None, None), trial)
    yield right
    yield offered
    *_, wrong = _placed("bitext", product, meant, (None, None, 0.05), trial)
    yield wrong


def clinc(product: Product, file: Path) -> Iterator[Figure]:
    """CLINC150's queries out of scope: answered all the same."""
    yield _answered("clinc", product, public.clinc(file), 0.08, "6.3 % of 1,000")


def _placed(
    name: str,
    product: Product,
    messages: Sequence[Message],
    goals: tuple[float | None, float | None, float | None],
    trial: Sequence[str] = ("", "", ""),
) -> tuple[Figure, Figure, Figure]:
    lacking = sorted(frozenset().union(*(m.intents for m in messages)) - product.intents)
    if lacking:
        msg = f"the company hasn't got {len(lacking)} intents, {lacking[0]} among them"
        raise AbsentError(msg)
    read = [(product.place(m.text), m.intents) for m in messages]
    right = sum(bool(found.answered & meant) for found, meant in read)
    asked = sum(bool(found.offered & meant) for found, meant in read)
    wrong = sum(_is_wrong(found, meant) for found, meant in read)
    n = len(messages)
    return (
        Figure(name, "right at once", right, n, goals[0], trial=trial[0]),
        Figure(name, "right, or among the choices", right + asked, n, goals[1], trial=trial[1]),
        Figure(name, "wrong", wrong, n, goals[2], at_most=True, trial=trial[2]),
    )


def _is_wrong(found: Read, meant: frozenset[str]) -> bool:
    return bool(found.answered) and not found.answered & meant


def _answered(
    name: str,
    product: Product,
    texts: Sequence[str],
    goal: float | None = None,
    trial: str = "",
) -> Figure:
    hits = sum(bool(product.place(text).answered) for text in texts)
    return Figure(name, "answered", hits, len(texts), goal, at_most=True, trial=trial)


# --- tone -------------------------------------------------------------------------------


def mood(product: Product, sets: Sets) -> Iterator[Figure]:
    """Upset ones found; calm ones marked, those apart that were chosen hard."""
    held, ask = sets.read("mood"), product.is_upset
    hard, plain = held["calm"]["hard"], held["calm"]["plain"]
    found, marked, of_hard = (_share(ask, t) for t in (held["upset"], [*hard, *plain], hard))
    yield Figure("mood", "upset found", *found, goal=0.8, trial="80 % of 20")
    yield Figure("mood", "calm marked", *marked, goal=0.05, at_most=True, trial="0 of 20")
    yield Figure("mood", "calm ones marked that were chosen hard", *of_hard)


def promises(product: Product, sets: Sets) -> Iterator[Figure]:
    """False promises missed, honest lines flagged."""
    held = sets.read("promises")
    found, n = _share(product.promises, held["false"])
    honest = _share(product.promises, held["honest"])
    name = "promises"
    yield Figure(name, "false missed", n - found, n, goal=0.1, at_most=True, trial="12 % of 25")
    yield Figure(name, "honest flagged", *honest, goal=0.1, at_most=True, trial="0 of 10")


def hostile(product: Product, sets: Sets) -> Iterator[Figure]:
    """Hostile, sarcastic, condescending replies found; others flagged."""
    held, ask = sets.read("hostile"), product.is_hostile
    found, others = _share(ask, held["hostile"]), _share(ask, held["fine"])
    yield Figure("hostile", "found", *found, goal=0.8, trial="80 % of 15")
    yield Figure("hostile", "others flagged", *others, goal=0.1, at_most=True, trial="10 % of 31")


def replies(product: Product, sets: Sets) -> Iterator[Figure]:
    """Politeness and helpfulness beside two readings, and the readings beside each other."""
    held = sets.replies()
    scored = [product.points(r.reply, r.message) for r in held]
    goals, trial = (0.85, None), ("78 % of 46", "61 % of 46")
    for scale, name in enumerate(("politeness", "helpfulness")):
        near = [
            [abs(mine[scale] - given[scale]) <= WITHIN for given in (r.first, r.second)]
            for mine, r in zip(scored, held, strict=True)
        ]
        both = sum(map(all, near))
        what = f"{name} within a point of both readings"
        yield Figure("replies", what, both, len(held), goals[scale], trial=trial[scale])
        exact = sum(
            mine[scale] in {r.first[scale], r.second[scale]}
            for mine, r in zip(scored, held, strict=True)
        )
        yield Figure("replies", f"{name} exactly one of the readings", exact, len(held))
        alike = sum(abs(r.first[scale] - r.second[scale]) <= WITHIN for r in held)
        yield Figure("replies", f"readings of {name} within a point", alike, len(held))


def harm(product: Product, sets: Sets) -> Iterator[Figure]:
    """Self-harm found; figures of speech and ordinary messages flagged; attacks told apart."""
    held, name = sets.read("harm"), "harm"

    def kind(wanted: str | None) -> Callable[[str], bool]:
        return lambda text: (found := product.harm(text)) is not None and wanted in {None, found}

    despair = kind("self-harm")
    found, figurative = _share(despair, held["self-harm"]), _share(despair, held["figurative"])
    yield Figure(name, "self-harm found", *found, goal=0.95, trial="93 % of 15")
    what = "figurative taken for self-harm"
    yield Figure(name, what, *figurative, goal=0.2, at_most=True, trial="20 % of 15")
    for attack in ("threat", "hate", "sexual"):
        yield Figure(name, f"{attack} found as harm", *_share(kind(None), held[attack]), goal=0.85)
        yield Figure(name, f"{attack} found as such", *_share(kind(attack), held[attack]))
    flagged = _share(kind(None), held.get("ordinary") or sets.ordinary())
    trial = "0 of 2,206"
    yield Figure(name, "ordinary flagged", *flagged, goal=0.001, at_most=True, trial=trial)


def _share(ask: Callable[[str], bool], texts: Sequence[str]) -> tuple[int, int]:
    return sum(map(ask, texts)), len(texts)


# --- free texts -------------------------------------------------------------------------


def texts(product: Product, sets: Sets) -> Iterator[Figure]:
    """Good answers refused; bad ones accepted, at once or by whoever picks the right choice."""
    trials = {"improve": ("17 % of 60", "43 % of 37"), "what-else": ("3 % of 62", "36 % of 28")}
    for question, trial in trials.items():
        yield from _answers(product, question, sets.texts(question, "texts"), trial)


def more_texts(product: Product, sets: Sets) -> Iterator[Figure]:
    """The same of a second set."""
    for question in ("improve", "what-else"):
        yield from _answers(product, question, sets.texts(question, "texts_second"))


def _answers(
    product: Product,
    question: str,
    answers: tuple[Sequence[Free], Sequence[Free]],
    trial: Sequence[str] = ("", ""),
) -> Iterator[Figure]:
    good, bad = answers
    answered = [(product.fits(question, t.text), t.kind) for t in good]
    yield from _verdicts(question, "good", answered, 0.05, trial[0])
    answered = [(product.fits(question, t.text), t.kind) for t in bad]
    yield from _verdicts(question, "bad", answered, 0.1, trial[1])
    what = "bad accepted, picking by chance"
    passed = sum(product.chance(question, t.text) for t in bad)
    yield Figure(question, what, passed, len(bad), 0.1, at_most=True)


def decision(product: Product, sets: Sets) -> Iterator[Figure]:
    """Justifications: good ones refused, nonsense accepted, contradictions accepted (none may)."""
    held = sets.read("texts")["decision"]
    figures = {name: (pair[0], pair[1]) for name, pair in held["figures"].items()}
    yield from _justified(
        "decision",
        [
            (product.justifies(text, figures, held["targets"]), kind)
            for choice in held["choices"].values()
            for kind, said in choice.items()
            for text in said
        ],
    )


def decision_second(product: Product, sets: Sets) -> Iterator[Figure]:
    """The same beside figures of other kinds: accuracy fell, little was gained, all got better."""
    yield from _justifications(product, sets, "decision_second", "decision, second")


def decision_third(product: Product, sets: Sets) -> Iterator[Figure]:
    """Times, sizes and causes: beside a fine run, flawed data, and settings that went wrong."""
    yield from _justifications(product, sets, "decision_third", "decision, third")


def decision_fourth(product: Product, sets: Sets) -> Iterator[Figure]:
    """The same once more, written when the rules were there."""
    yield from _justifications(product, sets, "decision_fourth", "decision, fourth")


def _justifications(product: Product, sets: Sets, name: str, title: str) -> Iterator[Figure]:
    told = [
        (
            product.justifies(
                text,
                {n: (a, b) for n, (a, b) in case["figures"].items()},
                case["targets"],
                given.diagnosis(case["fault"]) if "fault" in case else None,
            ),
            kind,
        )
        for case in sets.read(name)["cases"]
        for kind in ("good", "contradict", "nonsense")
        for text in case[kind]
    ]
    yield from _justified(title, told)


def _justified(title: str, told: Sequence[tuple[Verdict, str]]) -> Iterator[Figure]:
    """Who is asked back is given no choices to guess among: only other words can pass."""
    good = [v for v, kind in told if kind == "good"]
    bad = [v for v, kind in told if kind != "good"]
    denied = [v for v, kind in told if kind == "contradict"]
    refused = good.count("refused")
    yield Figure(title, "good refused", refused, len(good), goal=0.05, at_most=True)
    yield Figure(title, "good ones asked back", good.count("ask"), len(good))
    yield Figure(title, "bad accepted", bad.count("fits"), len(bad), goal=0.1, at_most=True)
    yield Figure(title, "bad ones asked back", bad.count("ask"), len(bad))
    accepted = denied.count("fits")
    yield Figure(title, "contradictions accepted", accepted, len(denied), goal=0.0, at_most=True)


def _verdicts(
    question: str, side: str, told: Sequence[tuple[Verdict, str]], goal: float, trial: str
) -> Iterator[Figure]:
    """Whoever is asked may pick rightly: such a text counts as accepted."""
    n = len(told)
    fits, asked = (sum(v == wanted for v, _ in told) for wanted in ("fits", "ask"))
    if side == "good":
        refused = n - fits - asked
        yield Figure(question, "good refused", refused, n, goal, at_most=True, trial=trial)
        yield Figure(question, "good ones asked back", asked, n)
        return
    what = "bad accepted, or asked"
    yield Figure(question, what, fits + asked, n, goal, at_most=True, trial=trial)
    yield Figure(question, "bad accepted at once", fits, n, at_most=True)
    for kind in dict.fromkeys(k for _, k in told):
        of_kind = [v for v, k in told if k == kind]
        passed = sum(v != "refused" for v in of_kind)
        yield Figure(question, f"bad accepted, or asked: {kind}", passed, len(of_kind))


# --- own lines --------------------------------------------------------------------------


def own_lines(product: Product, sets: Sets) -> Iterator[Figure]:
    """A learner's own sentences: said to their message, its paraphrases, and to others."""
    held = sets.read("own_lines")
    own: list[bool] = []
    alike: list[bool] = []
    others: list[bool] = []
    for seed in RUNS:
        for start in range(0, len(held), OWN):
            lines = held[start : start + OWN]
            about = {name for line in lines for name in line["about"]}
            strange = [m.text for m in sets.everyday() if not m.intents & about]
            said = [line["message"] for line in lines]
            asked = [p for line in lines for p in line["paraphrases"]]
            pairs = [(line["message"], line["reply"]) for line in lines]
            spoken = iter(product.replies(pairs, [*said, *asked, *strange], seed))
            own += [_speaks(next(spoken), line["reply"]) for line in lines]
            alike += [
                _speaks(next(spoken), line["reply"]) for line in lines for _ in line["paraphrases"]
            ]
            every = " ".join(line["reply"] for line in lines)
            others += [_speaks(reply, every) for reply in spoken]
    name = "own lines"
    yield Figure(name, "said to their own message", sum(own), len(own), 1.0, trial="14 of 15")
    yield Figure(name, "said to paraphrases", sum(alike), len(alike), 1 / 3, trial="0 of 45")
    goal, trial = 0.05, "3 % of 405"
    yield Figure(name, "said to others", sum(others), len(others), goal, at_most=True, trial=trial)


def _speaks(said: str, reply: str) -> bool:
    """Whether any sentence of a reply is said."""
    return any(sentence in said for sentence in sentences(reply))


MEASURES: dict[str, Measure] = {
    "everyday": everyday,
    "later": later,
    "outside": outside,
    "foreign": foreign,
    "mood": mood,
    "promises": promises,
    "hostile": hostile,
    "replies": replies,
    "harm": harm,
    "texts": texts,
    "more_texts": more_texts,
    "decision": decision,
    "decision_second": decision_second,
    "decision_third": decision_third,
    "decision_fourth": decision_fourth,
    "own_lines": own_lines,
}
