"""`python -m bot.simulate`: let simulated learners loose on a running tutor, and report.

The exit code is 0 when nothing was lost, counted twice or missing, 1 when something was, and 2
when the run could not be.
"""

import argparse
import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import get_args

import orjson

from bot.simulate.channel import SimulationError
from bot.simulate.crowd import Crowd, Pace, Plan, look
from bot.simulate.learner import crowd_of_learners
from bot.simulate.report import Figures, document, text
from content.faults import ContentError
from content.loader import load

HERE = "http://127.0.0.1:3978"
ARRIVAL_S = 30.0  # of people; who is as fast as possible is there at once
LOOK_S = 0.5
WIDTH = 30  # of the progress bar
UNITS = {"s": 1, "m": 60, "h": 3600}


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line says."""
    told = _parser().parse_args(arguments)
    plan = Plan(
        urls=told.url or [HERE],
        learners=told.learners,
        pace=told.pace,
        seconds=told.time,
        arrive_s=told.arrive if told.arrive is not None else ARRIVAL_S * (told.pace != "fast"),
        seed=told.seed,
        lesson=told.lesson,
        expects_replies=told.expect_replies,
    )
    try:
        figures = asyncio.run(_run(plan))
    except (SimulationError, ContentError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(text(figures))
    if told.json is not None:
        told.json.write_bytes(orjson.dumps(document(figures), option=orjson.OPT_INDENT_2))
    return 0 if figures.is_sound else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.simulate", description=__doc__)
    parser.add_argument("--learners", type=_count, default=10, help="at the same time")
    parser.add_argument(
        "--url", action="append", help=f"a tutor's address; several share the turns ({HERE})"
    )
    parser.add_argument("--pace", choices=get_args(Pace), default="human")
    parser.add_argument(
        "--time", type=seconds, help="such as 90, 3m or 1h; without it until all have finished"
    )
    parser.add_argument("--arrive", type=seconds, help="within which all arrive (human: 30 s)")
    parser.add_argument("--lesson", help="its id; without it the one that is offered first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--expect-replies", action="store_true", help="replies in the answer, not by themselves"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures as JSON")
    return parser


def _count(told: str) -> int:
    count = int(told)
    if count < 1:
        msg = "at least 1"
        raise argparse.ArgumentTypeError(msg)
    return count


def seconds(told: str) -> float:
    """A stretch of time, such as 90, 3m or 1h."""
    unit = UNITS.get(told[-1:])
    found = float(told[:-1]) * unit if unit else float(told)
    if found < 0:
        msg = "no time is shorter than none"
        raise argparse.ArgumentTypeError(msg)
    return found


async def _run(plan: Plan) -> Figures:
    crowd = crowd_of_learners(plan, load())
    await look(plan.urls)
    # Ctrl-C ends the run early, and it is reported all the same.
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, crowd.end)
    showing = asyncio.create_task(_show(crowd)) if sys.stderr.isatty() else None
    try:
        return await crowd.run()
    finally:
        if showing is not None:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing
            sys.stderr.write("\r\x1b[K")


async def _show(crowd: Crowd) -> None:
    """Draw a progress bar, over and over."""
    last = 0
    while True:
        await asyncio.sleep(LOOK_S)
        sys.stderr.write(f"\r{bar(crowd.share, crowd.figures, last)}\x1b[K")
        sys.stderr.flush()
        last = crowd.figures.turns


def bar(share: float, figures: Figures, last: int) -> str:
    """The bar, and what happened; `last` were the turns when it was drawn before."""
    full = round(share * WIDTH)
    rate = (figures.turns - last) / LOOK_S
    told = f"{figures.turns:,} turns, {rate:,.0f}/s, {figures.finished:,} finished"
    if figures.errors:
        told += f", {sum(figures.errors.values()):,} errors"
    return f"[{'█' * full}{'·' * (WIDTH - full)}] {share:4.0%}  {told}"


if __name__ == "__main__":
    sys.exit(main())
