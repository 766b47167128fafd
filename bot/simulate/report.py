"""What came of a run: its figures, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Place = tuple[str, str]  # a lesson and a step

TOLD = 20  # faults that are told one by one
SHOWN = 8  # steps with the most attempts
SATURATED = 0.8  # of a core, from which the generator's own pace may be what is measured
PERCENTILES = (50, 95, 99)


@dataclass
class Figures:
    """Counts of one run. Times are in milliseconds where they say so, else in seconds.

    `turns`: activities that the tutor took. `latencies_ms`: from sending an activity to its first
    reply at the channel; without those of learners who had lost their connection. `replies_ms`: the
    same for each message, apart from the pauses in which a typing sign is seen. `errors`: what
    made the channel send again, by kind; `given_up`: when it did not help. `unanswered`: taken,
    and no reply came; `taken_back`: a later card did not know of it. `doubled`: an answer that
    counted twice. `again`: replies that came twice; `dropped`: those of which the channel lost
    the tutor's post, so that they had to. `did`: what learners did beside answering right.
    `attempts` at a step are answers to all that is `asked` there, by those who have `met` it.
    """

    turns: int = 0
    seconds: float = 0.0
    learners: int = 0
    finished: int = 0
    stuck: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    replies_ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    given_up: int = 0
    unanswered: int = 0
    taken_back: int = 0
    doubled: int = 0
    replies: int = 0
    missing: int = 0
    disordered: int = 0
    again: int = 0
    dropped: int = 0
    faults: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)
    met: Counter[Place] = field(default_factory=Counter)
    asked: dict[Place, int] = field(default_factory=dict)
    attempts: Counter[Place] = field(default_factory=Counter)
    lesson_turns: list[int] = field(default_factory=list)
    cpu: float = 0.0
    late_ms: float = 0.0

    @property
    def lost(self) -> int:
        """Answers that were given and did not count."""
        return self.given_up + self.unanswered + self.taken_back

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, counted twice, or shown wrongly."""
        faults = (self.lost, self.doubled, self.missing, self.disordered, self.stuck)
        return not any(faults) and self.again <= self.dropped

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds if self.seconds else 0.0

    @property
    def busy(self) -> float:
        """The share of a core that the simulator itself used."""
        return self.cpu / self.seconds if self.seconds else 0.0

    def latency_ms(self) -> dict[str, float]:
        """The percentiles of the first replies, and the slowest."""
        return _spread(self.latencies_ms)

    def reply_ms(self) -> dict[str, float]:
        """The percentiles of all messages, and the slowest."""
        return _spread(self.replies_ms)

    def note(self, fault: str) -> None:
        """Keep what is to be told of a fault; of many the first ones do."""
        if len(self.faults) < TOLD:
            self.faults.append(fault)

    def hardest(self) -> list[tuple[Place, float, int]]:
        """The steps with the most attempts at one answer, and how many learners met them."""
        means = [
            (place, count / self.met[place] / self.asked[place], self.met[place])
            for place, count in self.attempts.items()
        ]
        return sorted(means, key=lambda one: -one[1])


def _spread(times_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times_ms)
    found = {f"p{p}": percentile(ordered, p) for p in PERCENTILES}
    return {**found, "max": ordered[-1] if ordered else 0.0}


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The value that `percent` of the ordered values don't exceed (nearest rank)."""
    if not ordered:
        return 0.0
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def document(figures: Figures) -> dict[str, object]:
    """All figures for a machine."""
    lesson_turns = sorted(figures.lesson_turns)
    return {
        "turns": figures.turns,
        "seconds": round(figures.seconds, 3),
        "turns_per_s": round(figures.rate, 2),
        "learners": figures.learners,
        "finished": figures.finished,
        "stuck": figures.stuck,
        "latency_ms": {name: round(ms, 2) for name, ms in figures.latency_ms().items()},
        "reply_ms": {name: round(ms, 2) for name, ms in figures.reply_ms().items()},
        "errors": dict(figures.errors),
        "lost": figures.lost,
        "given_up": figures.given_up,
        "unanswered": figures.unanswered,
        "taken_back": figures.taken_back,
        "doubled": figures.doubled,
        "replies": figures.replies,
        "missing": figures.missing,
        "disordered": figures.disordered,
        "again": figures.again,
        "dropped": figures.dropped,
        "faults": figures.faults,
        "did": dict(figures.did),
        "turns_per_lesson": {f"p{p}": percentile(lesson_turns, p) for p in PERCENTILES},
        "steps": [
            {"lesson": lesson, "step": step, "attempts": round(mean, 2), "learners": count}
            for (lesson, step), mean, count in figures.hardest()
        ],
        "generator": {"cpu": round(figures.busy, 3), "late_ms": round(figures.late_ms, 1)},
    }


def text(figures: Figures) -> str:
    """The report for a reader."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(f: Figures) -> Iterator[str]:
    yield _line(
        "turns",
        f"{f.turns:,} in {f.seconds:,.0f} s: {f.rate:,.1f}/s",
        f"{f.finished:,} lessons finished by {f.learners:,} learners",
        f"{f.stuck:,} stuck" if f.stuck else "",
    )
    told = ", ".join(f"{name} {ms:,.0f} ms" for name, ms in f.latency_ms().items())
    yield _line("latency", told, "from sending to the first reply at the channel")
    if f.lesson_turns:
        middle = percentile(sorted(f.lesson_turns), 50)
        yield _line("lesson", f"{middle:,.0f} turns for one learner (median)")
    errors = ", ".join(f"{count:,} × {kind}" for kind, count in f.errors.most_common())
    yield _line("errors", f"{errors}, sent again" if errors else "none")
    yield _line("answers", f"lost {f.lost:,}, counted twice {f.doubled:,}")
    yield _line(
        "replies",
        f"{f.replies:,}: missing {f.missing:,}, out of order {f.disordered:,}, "
        f"twice {f.again:,} of {f.dropped:,} whose receipt was lost on purpose",
    )
    for fault in f.faults:
        yield f"  {fault}"
    yield _line("learners", ", ".join(f"{name} {n:,}" for name, n in f.did.most_common()))
    yield "most attempts for one right answer:"
    for (lesson, step), mean, count in f.hardest()[:SHOWN]:
        yield f"  {mean:5.1f}  {lesson} / {step} ({count:,} learners)"
    own = f"{f.busy:.0%} of a core, its loop late by {f.late_ms:.0f} ms at most"
    yield _line("generator", own)
    if f.busy > SATURATED:
        yield "The generator was saturated: the figures above may be its own."


def _line(name: str, *told: str) -> str:
    return f"{name:<10} {'; '.join(t for t in told if t)}"
