"""What a justification says about figures: metric by metric, which way it went, and in numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from content.lesson.questions import Claim
from content.strings import ClaimForms
from dialogs.reading.phrases import Span, clauses, spans, tokens

# Up and down are of the figure, better and worse of what it stands for.
Way = Literal["up", "down", "better", "worse", "same", "high", "low", "whole", "reached", "missed"]

Size = Literal["slight", "strong"]
Limit = Literal["", "above", "below"]

NEGATED_BEFORE = 6  # words before what is denied in which the denying one stands
SUBJECT = 3  # words of a clause among which the model that it is about is named
TURNED: dict[Way | None, Way] = {"up": "down", "down": "up", "better": "worse", "worse": "better"}
BARE = 3  # words at most of a clause that only names a metric, which the next one speaks of


@dataclass(frozen=True)
class Number:
    """A number that a clause gives; `limit` says where it is told as one: above it, or below.

    A `rough` one is told in a word ("half").
    """

    value: float
    percent: bool = False
    limit: Limit = ""
    change: bool = False
    rough: bool = False


Pair = tuple[Number, Number]


@dataclass(frozen=True)
class Said:
    """One claim. `metric` is empty where all are meant, or with `others` all the others.

    `opposite` says that it is told of what grows as the metric falls; `denied` that the way is
    said not to be so. `size` says by how much it went in a word, `times` what it was multiplied by
    ("doubled" is 2.0, "more than doubled" above it). `pair` is what it is said to have gone from
    and to; `now` that the numbers are told of the tuned model.
    """

    metric: str
    denied: bool
    others: bool = False
    opposite: bool = False
    way: Way | None = None
    size: Size | None = None
    times: Number | None = None
    numbers: tuple[Number, ...] = ()
    pair: Pair | None = None
    now: bool = False


@dataclass(frozen=True)
class _Mention:
    """A metric named in a clause; `way` where the word itself says which way it went."""

    at: int
    end: int
    metric: str
    opposite: bool
    way: Way | None


def said(text: str, claims: Sequence[Claim], forms: ClaimForms) -> tuple[Said, ...]:
    """The claims of a text, clause by clause."""
    found: list[Said] = []
    waiting: list[Said] = []  # metrics that are named, and the next clause says what of them
    last: Said | None = None
    of_targets, of_base = False, False
    words = _each_denied(_without_passed_over(tokens(text), forms), claims, forms)
    for clause in clauses(words, forms.apart, tuple(forms.times)):
        if _claims_nothing(clause, claims, forms):
            waiting, last, of_base, of_targets = [], None, False, False
            continue
        of_base = _is_about(clause, forms.base, forms) or (
            of_base and _has_same_subject(clause, claims, forms)
        )
        of_targets = of_targets or bool(spans(clause, forms.targets))
        made = list(_of_targets(clause, claims, forms)) if of_targets else []
        if made:
            of_targets = False
            found += made
            continue
        is_of_base = of_base or _is_whose(clause, forms.base, forms)
        made = [
            _turned(one) if is_of_base else one for one in _of_clause(clause, claims, forms, last)
        ]
        if made and all(map(_is_bare, made)) and _only_names(clause, forms):
            waiting += made
        else:
            heirs = [one for one in made if not _is_bare(one)]
            if heirs and waiting:
                found += [replace(heirs[0], metric=w.metric, opposite=w.opposite) for w in waiting]
            waiting = []
            found += heirs
        # A clause on something else lies between: what comes then is about that.
        last = next((one for one in reversed(made) if one.metric), None)
    return tuple(found)


def _claims_nothing(clause: Sequence[str], claims: Sequence[Claim], forms: ClaimForms) -> bool:
    """Whether a clause names a metric, and yet says nothing of anybody's figures."""
    mentions = sorted(_mentions(clause, claims, forms), key=lambda m: m.at)
    return _is_of_others(clause, mentions, forms) or _weighs_manners(clause, mentions, forms)


def _is_of_others(clause: Sequence[str], mentions: Sequence[_Mention], forms: ClaimForms) -> bool:
    """Whether a manner is said of what has no figures: "my neighbour's dog is politer"."""
    verb, subject = _subject(clause, forms)
    if not subject or not mentions or mentions[0].at < verb:
        return False
    manner = mentions[0]
    moved_later = any(at >= manner.end for at, _, _ in _ways(clause, forms, mentions))
    if moved_later or any(word in forms.articles for word in clause[verb : manner.at]):
        return False  # then the metric is spoken of by itself: "the best is politeness went up"
    is_noun_phrase = len(subject) > 1 and subject[0] in forms.articles
    named = subject[1:] if is_noun_phrase else subject
    known = (*forms.subjects, *forms.pronouns, *forms.base, *forms.tuned, *forms.others_models)
    if spans(named, known) or named[-1] in forms.elliptic:
        return False
    return is_noun_phrase or (len(subject) == 1 and subject[0] not in forms.articles)


def _subject(clause: Sequence[str], forms: ClaimForms) -> tuple[int, Sequence[str]]:
    """Where the verb of a clause stands, and the words before it without adverbs at its head."""
    passed = (*forms.apart, *forms.adverbs)
    begin = next((at for at, word in enumerate(clause) if word not in passed), 0)
    verb = next((at for at, word in enumerate(clause) if word in forms.verbs), begin)
    return verb, clause[begin:verb]


def _weighs_manners(clause: Sequence[str], mentions: Sequence[_Mention], forms: ClaimForms) -> bool:
    """Whether a manner is held against its opposite: "polite is better than rude"."""
    return any(
        one.metric == other.metric
        and one.opposite != other.opposite
        and one.way is other.way is None
        and _ends(clause[: other.at], forms.than)
        and bool(spans(clause[one.end : other.at], (*forms.better, *forms.worse)))
        for one, other in pairwise(mentions)
    )


def speaks_beside(text: str, claims: Sequence[Claim], forms: ClaimForms) -> bool:
    """Whether some clause of a text names a metric, and says nothing of its figures."""
    words = _without_passed_over(tokens(text), forms)
    return any(
        _claims_nothing(clause, claims, forms)
        for clause in clauses(words, forms.apart, tuple(forms.times))
    )


def _has_same_subject(clause: Sequence[str], claims: Sequence[Claim], forms: ClaimForms) -> bool:
    """Whether a clause goes on about the model of the one before: "and answers twice as fast"."""
    if spans(clause, forms.tuned) or not clause:
        return False
    joined = _is_joined(clause, forms)
    first = min(_mentions(clause, claims, forms), key=lambda m: m.at, default=None)
    if first is None:
        return joined or clause[0][0].isdigit()
    return joined and (first.way is not None or first.at > 1)


def _turned(one: Said) -> Said:
    """What is said of the base model against the tuned one, said of the tuned one."""
    if one.way not in TURNED:
        return one
    times = one.times and replace(one.times, value=1 / one.times.value)
    return replace(one, way=TURNED[one.way], times=times)


def _is_bare(one: Said) -> bool:
    return one.way is None and not one.numbers and one.pair is None and not one.denied


def _is_joined(clause: Sequence[str], forms: ClaimForms) -> bool:
    return bool(clause) and clause[0] in forms.apart


def _only_names(clause: Sequence[str], forms: ClaimForms) -> bool:
    """Whether the next clause may say it for this one: "politeness and helpfulness rose"."""
    words = clause[1:] if _is_joined(clause, forms) else clause
    return len(words) <= BARE and not _begins(words, forms.carry_on)


def _begins(words: Sequence[str], phrases: Sequence[str]) -> bool:
    return any(span.start == 0 for span in spans(words, phrases))


def _without_passed_over(words: Sequence[str], forms: ClaimForms) -> list[str]:
    """The words without those that claim nothing."""
    passed = spans(words, forms.passed_over)
    cut = {at for span in passed for at in range(span.start, span.end)}
    return [word for at, word in enumerate(words) if at not in cut]


def _each_denied(words: Sequence[str], claims: Sequence[Claim], forms: ClaimForms) -> Sequence[str]:
    """The words, where what neither one nor the other is said to be is denied of each."""
    first = next((at for at, word in enumerate(words) if word in forms.neither), len(words))
    nors = [at for at, word in enumerate(words) if at > first and word in forms.nor]
    if not nors:
        return words
    made, places = list(words[:first]), (first, *nors, len(words))
    for begin, end in pairwise(places):
        part = words[begin + 1 : end]
        mentions = list(_mentions(part, claims, forms))
        is_told = bool(_ways(part, forms, mentions)) or any(m.way for m in mentions)
        made += [","] if begin != first else []
        # Of metrics that are only named the last one's word is true: "neither accuracy nor …".
        made += [forms.denying[0]] if is_told or end == len(words) else []
        made += part
    return made


def _of_clause(
    clause: Sequence[str], claims: Sequence[Claim], forms: ClaimForms, last: Said | None
) -> Iterator[Said]:
    mentions = sorted(_mentions(clause, claims, forms), key=lambda m: m.at)
    pair, inside = _pair(clause, forms)
    numbers = [(at, n) for at, n in _numbers(clause, forms) if at not in inside]
    ways = _ways(clause, forms, mentions)
    factors = [(span.start, times) for span, times in _factors(clause, forms)]
    sizes = list(_sizes(clause, forms))
    if not mentions:
        yield from _of_all(clause, ways, forms)
        if last is not None and clause and _goes_on(clause, forms, pair is not None):
            goes, denied = _first(ways)
            told_of = tuple(n for _, n in numbers)
            times = factors[0][1] if factors else None
            if goes or told_of or pair:
                yield replace(
                    last,
                    way=goes,
                    denied=denied,
                    size=_size(sizes),
                    times=times,
                    numbers=told_of,
                    pair=pair,
                    now=False,
                )
        return
    for mention in mentions:

        def nearest(at: int, mention: _Mention = mention) -> bool:
            return min(mentions, key=lambda m: _distance(m, at)) is mention

        goes, denied = _first([told for told in ways if nearest(told[0])])
        times = next((t for at, t in factors if nearest(at)), None)
        if times is not None and times.value < 1 and goes == "up":
            times = replace(times, value=2 - times.value)  # "rose by half"
        if times is not None and mention.way is None:
            goes = "up" if times.value > 1 else "down"
        if mention.way is not None:
            # The word tells the way; a denial before it still holds.
            goes, denied = mention.way, _denied(clause, mention.at, forms)
        elif goes is None:
            denied = bool(spans(clause, (*forms.denying, *forms.hardly)))
        told_of = tuple(n for at, n in numbers if nearest(at))
        if goes in TURNED and _is_about(clause, forms.others_models, forms):
            continue  # which is compared with nobody's figures here
        opposite = mention.opposite and mention.way is None
        if opposite and _ends(clause[: mention.at], (*forms.denying, *forms.hardly)):
            # "No unbacked promises: 100 %" is the metric itself, and not what it is without.
            opposite, denied = False, False
            goes = goes or (None if told_of or pair else "whole")
        elif opposite and denied and goes is None and not told_of:
            opposite, denied, goes = False, False, "whole"
        yield Said(
            mention.metric,
            opposite=opposite,
            way=goes,
            denied=denied,
            size=_size([s for s in sizes if nearest(s[0])]),
            times=times,
            numbers=told_of,
            pair=pair if mention is mentions[0] else None,
            now=any(word in forms.now for word in clause),
        )


def _of_targets(
    clause: Sequence[str], claims: Sequence[Claim], forms: ClaimForms
) -> Iterator[Said]:
    """That targets were reached, or missed: all of them, where none is named."""
    told = _told(clause, (("reached", forms.reached), ("missed", forms.missed)), forms)
    if told:
        _, way, denied = told[0]
        named = {m.metric for m in _mentions(clause, claims, forms)} or {""}
        yield from (Said(metric, way=way, denied=denied) for metric in sorted(named))


def _first(ways: Sequence[tuple[int, Way, bool]]) -> tuple[Way | None, bool]:
    return (ways[0][1], ways[0][2]) if ways else (None, False)


def _is_about(clause: Sequence[str], models: Sequence[str], forms: ClaimForms) -> bool:
    """Whether a clause begins with another model, and doesn't just compare with it."""
    found = spans(clause, models)
    return (
        bool(found)
        and not any(word in forms.than for word in clause[: found[0].start])
        and found[0].start < SUBJECT
    )


def _is_whose(clause: Sequence[str], models: Sequence[str], forms: ClaimForms) -> bool:
    """Whether what a clause speaks of is a model's: "replies of the base are"."""
    _, subject = _subject(clause, forms)
    found = spans(subject, models)
    return bool(found) and _ends(
        [word for word in subject[: found[0].start] if word not in forms.articles], forms.of
    )


def _distance(mention: _Mention, at: int) -> float:
    """Words between a metric and a place; what stands behind it is a little nearer."""
    return mention.at - at if at < mention.at else at - mention.end + 0.5


def _mentions(
    clause: Sequence[str], claims: Sequence[Claim], forms: ClaimForms
) -> Iterator[_Mention]:
    nameless = spans(clause, forms.nameless)
    taken = {at for span in nameless for at in range(span.start, span.end)}
    kinds: list[tuple[str, bool, Way | None, tuple[str, ...]]] = []
    for claim in claims:
        kinds += [
            (claim.metric, False, "up", claim.more),
            (claim.metric, False, "down", claim.less),
            (claim.metric, True, None, claim.opposites),
            (claim.metric, False, None, claim.words),
        ]
    found = [
        _Mention(span.start, span.end, metric, opposite=opposite, way=way)
        for metric, opposite, way, phrases in kinds
        for span in spans(clause, phrases)
    ]
    # The longer wording is meant: "wrong answers" and not "answers".
    for mention in sorted(found, key=lambda m: m.at - m.end):
        places = range(mention.at, mention.end)
        if taken.isdisjoint(places):
            taken.update(places)
            yield mention


def _ways(
    clause: Sequence[str], forms: ClaimForms, mentions: Sequence[_Mention]
) -> list[tuple[int, Way, bool]]:
    """The ways that a clause tells, with their places, and whether they are denied."""
    kinds: tuple[tuple[Way, tuple[str, ...]], ...] = (
        ("up", forms.rise),
        ("down", forms.fall),
        ("better", forms.better),
        ("worse", forms.worse),
        ("same", forms.same),
        ("high", forms.high),
        ("low", forms.low),
    )
    other = {at for m in mentions for at in range(m.at, m.end)}
    for limit in spans(clause, (*forms.above, *forms.below)):
        if _tells_number(clause[limit.end :], forms):
            other |= set(range(limit.start, limit.end))
    found = [w for w in _told(clause, kinds, forms) if w[0] not in other]
    # What is said not to have changed stayed the same; that it did says nothing of the way.
    changed = spans(clause, forms.changed)
    found += [(s.start, "same", False) for s in changed if _denied(clause, s.start, forms)]
    moves = [w for w in found if w[1] not in {"high", "low"}]
    return sorted(moves or found)


def _told(
    clause: Sequence[str], kinds: Sequence[tuple[Way, tuple[str, ...]]], forms: ClaimForms
) -> list[tuple[int, Way, bool]]:
    found = [
        (span.end - span.start, span.start, way)
        for way, phrases in kinds
        for span in spans(clause, phrases)
    ]
    longest: dict[int, tuple[int, Way]] = {}
    for length, at, way in sorted(found, reverse=True):
        if not any(start <= at < start + long for start, (long, _) in longest.items()):
            longest[at] = (length, way)
    return [(at, way, _denied(clause, at, forms)) for at, (_, way) in sorted(longest.items())]


def _denied(clause: Sequence[str], at: int, forms: ClaimForms) -> bool:
    """Whether a denying word stands before a place; two of them take each other back."""
    denying = (*forms.denying, *forms.hardly)
    before = [s for s in spans(clause, denying) if at - NEGATED_BEFORE <= s.start < at]
    return len(before) == 1


def _of_all(
    clause: Sequence[str], ways: Sequence[tuple[int, Way, bool]], forms: ClaimForms
) -> Iterator[Said]:
    """A claim of all figures: "everything improved", "nothing else fell"."""
    every, none = spans(clause, forms.every), spans(clause, forms.none)
    # "Better than nothing" speaks of nothing.
    ways = [told for told in ways if any(span.start < told[0] for span in (*every, *none))]
    if not ways:
        return
    _, way, denied = ways[0]
    others = bool(spans(clause, forms.others))
    yield Said("", others=others, way=way, denied=True if none else denied)


def _goes_on(clause: Sequence[str], forms: ClaimForms, has_pair: bool) -> bool:  # noqa: FBT001
    """Whether a clause that names no metric speaks of the one before."""
    words = clause[1:] if _is_joined(clause, forms) else clause
    return has_pair or (bool(words) and (words[0][0].isdigit() or _begins(words, forms.carry_on)))


def _number(word: str) -> float | None:
    return float(word.replace(",", ".")) if re.fullmatch(r"\d+(?:[.,]\d+)?", word) else None


def _tells_number(words: Sequence[str], forms: ClaimForms) -> bool:
    """Whether words begin with a number, or a share in a word."""
    return bool(words) and (_number(words[0]) is not None or _begins(words, tuple(forms.shares)))


def _numbers(clause: Sequence[str], forms: ClaimForms) -> Iterator[tuple[int, Number]]:
    """The numbers of a clause with their places: no ends of scales, no counts ("of 5")."""
    for at, word in enumerate(clause):
        value = _number(word)
        if value is None or _is_end_of_scale(clause, at, forms):
            continue
        percent = at + 1 < len(clause) and clause[at + 1] in forms.percent
        percent = percent or _is_of_hundred(clause, at, forms)
        limit = _limit(clause[:at], forms)
        yield at, Number(value, percent, limit, change=_ends(clause[:at], forms.by))
    multiplied = {at for span, _ in _factors(clause, forms) for at in range(span.start, span.end)}
    for phrase, share in forms.shares.items():
        for span in spans(clause, (phrase,)):
            if span.start not in multiplied:
                limit = _limit(clause[: span.start], forms)
                yield span.start, Number(share * 100, percent=True, limit=limit, rough=True)


def _limit(before: Sequence[str], forms: ClaimForms) -> Limit:
    """Whether a number is told as a limit, by the words before it."""
    if _ends(before, forms.above):
        return "above"
    return "below" if _ends(before, forms.below) else ""


def _factors(clause: Sequence[str], forms: ClaimForms) -> Iterator[tuple[Span, Number]]:
    """What a clause says a figure was multiplied by."""
    for phrase, times in forms.times.items():
        for span in spans(clause, (phrase,)):
            beyond = _ends(clause[: span.start], forms.above)
            yield span, Number(times, limit="above" if beyond else "")


def _sizes(clause: Sequence[str], forms: ClaimForms) -> Iterator[tuple[int, Size]]:
    """The words of a clause that say how much something changed, with their places."""
    yield from ((span.start, "slight") for span in spans(clause, (*forms.slight, *forms.hardly)))
    yield from ((span.start, "strong") for span in spans(clause, forms.strong))


def _size(sizes: Sequence[tuple[int, Size]]) -> Size | None:
    """What several such words come to: nothing where they differ."""
    found = {size for _, size in sizes}
    return found.pop() if len(found) == 1 else None


def _is_end_of_scale(clause: Sequence[str], at: int, forms: ClaimForms) -> bool:
    """Whether a number only says of how many another is: "4.8 of 5", "96 out of 100"."""
    before = [n for n in range(at) if _number(clause[n]) is not None]
    between = clause[before[-1] + 1 : at] if before else []
    return bool(between) and (between == ["/"] or " ".join(between) in forms.of)


def _is_of_hundred(clause: Sequence[str], at: int, forms: ClaimForms) -> bool:
    after = [n for n in range(at + 1, len(clause)) if _number(clause[n]) is not None]
    return bool(after) and clause[after[0]] == "100" and _is_end_of_scale(clause, after[0], forms)


def _ends(words: Sequence[str], phrases: Sequence[str]) -> bool:
    return any(span.end == len(words) for span in spans(words, phrases))


def _pair(
    clause: Sequence[str], forms: ClaimForms
) -> tuple[tuple[Number, Number] | None, set[int]]:
    """What a clause says a figure went from and to, and where the two stand."""
    places = [(at, n) for at, word in enumerate(clause) if (n := _number(word)) is not None]
    for (one, before), (other, after) in pairwise(places):
        between = [w for w in clause[one + 1 : other] if w not in {*forms.percent, "s"}]
        if between in (["->"], ["→"]) or (len(between) == 1 and between[0] in forms.to):
            percent = "%" in clause[one : other + 2]
            return (Number(before, percent), Number(after, percent)), {one, other}
    return None, set()
