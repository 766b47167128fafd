"""A prepared run, played back: what a job shows from its queue to its end, in about a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pygal.graph.line import Line
from pygal.style import Style

from bot.rooms.staging import Run
from content.strings import RoomStrings
from dialogs.simulations.persona import Training
from dialogs.simulations.recorded_run import RecordedRun

QUEUED_S, VALIDATING_S = 4.0, 8.0  # until when since the demo was opened
RUN_S = 40.0  # that all epochs together are played back in

_LINE: Callable[..., Any] = Line  # it has no types
_STYLE: Callable[..., Style] = Style

Stage = Literal["missing", "queued", "validating", "running", "done"]


@dataclass(frozen=True)
class Playback:
    """What is shown at a moment: the stage, and how many `points` of the curve are through."""

    stage: Stage
    points: int = 0
    of: int = 0


def at(run: Run | None, seconds: float) -> Playback:
    """Where the playback is so many seconds after its demo was opened."""
    if run is None or run.outcome is None:
        return Playback("missing")
    of = len(run.losses) - 1
    if seconds < QUEUED_S:
        return Playback("queued", of=of)
    if seconds < VALIDATING_S:
        return Playback("validating", of=of)
    through = int((seconds - VALIDATING_S) / RUN_S * of)
    return Playback("running" if through < of else "done", min(through, of), of)


def begun(run: Run, words: RoomStrings) -> str:
    """What the run begins with, before the first epoch."""
    return words.play_begun.get(run.name, words.play_validating).format(**_figures(run))


def outcome(run: Run, words: RoomStrings) -> tuple[str, ...]:
    """What came of the run, in sentences: of its losses, and of its figures."""
    valid = [one for _, one in run.losses]
    best = min(range(1, len(valid)), key=valid.__getitem__)
    told = words.play_summary.format(
        start=f"{valid[0]:.2f}", end=f"{valid[-1]:.2f}", best=best * run.every
    )
    figures = _figures(run)
    return told, *(line.format(**figures) for line in words.play_outcome.get(run.name, ()))


def _figures(run: Run) -> dict[str, float]:
    """The figures that sentences about a run may name; `before_` those of what it is held to."""
    match run.outcome:
        case Training(steps=steps):
            return {"steps": steps}
        case RecordedRun(figures=found, before=before):
            named = {**found, **{f"before_{name}": value for name, value in before.items()}}
            return {name.replace("-", "_"): value for name, value in named.items()}
        case None:
            return {}


def chart(run: Run, points: int, words: RoomStrings) -> bytes:
    """The losses up to a point, as an SVG; the axes are those of the whole run."""
    shown = run.losses[: points + 1]
    rows = [
        (words.play_train, [train for train, _ in shown]),
        (words.play_valid, [valid for _, valid in shown]),
    ]
    highest = max(max(one) for one in run.losses)
    missing = [None] * (len(run.losses) - len(shown))
    drawing = _LINE(
        width=1200,
        height=480,
        explicit_size=False,
        js=[],
        range=(0, highest),
        x_title=words.play_epoch,
        legend_at_bottom=True,
        show_minor_x_labels=True,
        dots_size=7,
        stroke_style={"width": 5},
        value_formatter=lambda value: f"{value:.2f}",
        style=_STYLE(
            background="#ffffff",
            plot_background="#ffffff",
            foreground="#242424",
            foreground_strong="#242424",
            foreground_subtle="#616161",
            colors=("#0f6cbd", "#b4460f"),
            font_family="sans-serif",
            label_font_size=22,
            major_label_font_size=22,
            legend_font_size=24,
            title_font_size=24,
        ),
    )
    drawing.x_labels = [str(place * run.every) for place in range(len(run.losses))]
    for name, losses in rows:
        drawing.add(name, [*losses, *missing])
    drawn: bytes = drawing.render()
    return drawn
