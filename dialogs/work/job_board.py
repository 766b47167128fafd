"""A training job as it is shown at a time: a function of its training and of the clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from content.strings import ModelStrings
from dialogs.simulations.persona import Training
from dialogs.values.replies import Chart, JobBoard, JobEvent, JobStage
from dialogs.work import curves
from dialogs.work import job_states as machine


@dataclass(frozen=True)
class Playback:
    """A training that is played back as a job of `lines` lines in `seconds` seconds."""

    training: Training
    lines: int
    seconds: float

    @property
    def epochs(self) -> int:
        """How many epochs it has."""
        return len(self.training.checkpoints)


def queued(lines: int, words: ModelStrings) -> JobBoard:
    """The board before anything is known of the training."""
    status = words.job_queued.format(lines=lines)
    first = JobEvent(_time(0), words.job_log_created.format(lines=lines))
    return JobBoard(words.job_board, status, _stages(0.0, words), (first,), _percent(0.0, words))


def running(played: Playback, elapsed: float, words: ModelStrings) -> JobBoard:
    """The board `elapsed` seconds after the playback began, and what is seen until more is told."""
    share = min(0.99, max(0.0, elapsed / played.seconds))
    later = [at for at in machine.updates(played.epochs).values() if at > share + 0.001]
    until = min(later, default=1.0)
    events = tuple(
        JobEvent(_time(at * played.seconds), text, max(0.0, (at - share) * played.seconds))
        for at, text in _log(played, words)
        if at <= until and at < 1.0
    )
    done = machine.trained(share) * played.training.steps
    return JobBoard(
        title=words.job_board,
        status=_status(played, share, words),
        stages=_stages(share, words),
        events=events,
        percent=_percent(share, words),
        share=share,
        share_next=until,
        next_s=(until - share) * played.seconds,
        chart=_chart(played, done, machine.trained(until), words) if done else None,
        upto=done,
    )


def finished(played: Playback, words: ModelStrings) -> tuple[JobBoard, tuple[str, ...]]:
    """The board of a job that succeeded, and its whole log."""
    chart = curves.chart(played.training, words.job_chart, words)
    board = JobBoard(
        title=words.job_board,
        status="",
        stages=_stages(1.0, words),
        events=(),
        percent=_percent(1.0, words),
        share=1.0,
        share_next=1.0,
        chart=chart,
        upto=float(played.training.steps),
    )
    return board, tuple(
        words.job_log_line.format(time=_time(at * played.seconds), text=text)
        for at, text in _log(played, words)
    )


def _status(played: Playback, share: float, words: ModelStrings) -> str:
    match machine.stage(share):
        case "queue":
            return words.job_queued.format(lines=played.lines)
        case "training":
            epoch = min(played.epochs, int(machine.trained(share) * played.epochs + 1.001))
            return words.job_running.format(epoch=epoch, epochs=played.epochs)
        case "making":
            return words.job_making
        case "checking":
            return words.job_checking


def _stages(share: float, words: ModelStrings) -> tuple[JobStage, ...]:
    here = machine.stage(share) if share < 1 else None
    names = list(machine.ENDS)
    at = len(names) if here is None else names.index(here)
    return tuple(
        JobStage(words.job_stages[name], "done" if n < at else "here" if n == at else "ahead")
        for n, name in enumerate(names)
    )


def _log(played: Playback, words: ModelStrings) -> Iterator[tuple[float, str]]:
    """What the service writes down, each line with its share of the playback."""
    training, ends = played.training, machine.ENDS
    yield 0.0, words.job_log_created.format(lines=played.lines)
    yield ends["queue"] / 2, words.job_log_queued
    steps = words.job_log_training.format(steps=training.steps, epochs=played.epochs)
    yield ends["queue"], steps
    for one in training.checkpoints:
        told = words.job_log_epoch.format(
            epoch=one.epoch,
            step=one.step,
            train=words.numbers.write(one.train_loss, ".2f"),
            valid=words.numbers.write(one.valid_loss, ".2f"),
        )
        yield machine.epoch_end(one.epoch, played.epochs), told
    yield ends["training"], words.job_log_making.format(kept=len(training.weights))
    yield ends["making"], words.job_log_checking
    yield ends["checking"], words.job_log_done


def _chart(played: Playback, done: float, until: float, words: ModelStrings) -> Chart:
    """The curves until this share of the training, told as they are after `done` steps."""
    training = played.training
    whole = curves.chart(training, words.job_chart, words)
    reached = until * training.steps + 0.001
    series = tuple(
        replace(one, points=tuple(p for p in one.points if p[0] <= reached)) for one in whole.series
    )
    highest = max(y for one in series for _, y in one.points)
    last = ([y for x, y in one.points if x <= done][-1] for one in series)
    train, valid = (words.numbers.write(loss, ".2f") for loss in last)
    return replace(
        whole,
        series=series,
        alt=words.job_chart_alt.format(train=train, valid=valid),
        marker=None,
        x_end=float(training.steps),
        cut=whole.cut if whole.cut and highest > whole.cut[0] else None,
    )


def _time(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _percent(share: float, words: ModelStrings) -> str:
    return words.numbers.write(share, ".0%")
