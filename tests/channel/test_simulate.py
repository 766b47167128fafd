"""Simulated learners against a real tutor, and against one that makes faults."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer
from sqlalchemy import create_engine, func, select

import bot.simulate.__main__ as simulate
from bot.simulate.__main__ import bar, main
from bot.simulate.crowd import Plan
from bot.simulate.learner import Learner, crowd_of_learners
from bot.simulate.report import Figures, document, text
from bot.store import tables
from content.loader import Library, load
from tests import throw_away
from tests.bench import servers
from tests.waiting import LONGEST_S, until

LESSON = "plain-words"
HABITS = {
    "erred", "typed an answer", "went back", "asked for help", "looked at the progress",
    "wrote nonsense", "pressed an older card", "pressed twice", "sent again by the channel",
    "lost the connection", "lost a receipt",
}  # fmt: skip


def test_a_crowd_with_all_its_habits_loses_nothing(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/tutor.db", tmp_path / "figures.json"
    with servers.tutor(url) as server:
        command = (
            "-m", "bot.simulate", "--url", f"http://127.0.0.1:{server.port}", "--learners", "15",
            "--pace", "fast", "--time", "10", "--lesson", LESSON, "--json", str(file),
        )  # fmt: skip
        done = subprocess.run(
            [sys.executable, *command], check=False, capture_output=True, text=True
        )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(file.read_text("utf-8"))
    assert "most attempts" in done.stdout
    assert found["errors"] == {}
    faults = ("lost", "doubled", "missing", "disordered", "stuck")
    assert {name: found[name] for name in faults} == dict.fromkeys(faults, 0)
    assert found["again"] == found["dropped"] > 0
    assert set(found["did"]) == HABITS
    # They got to the lesson's second part, where the own model is trained.
    assert "choose" in {step["step"] for step in found["steps"] if step["lesson"] == LESSON}
    _agrees(url, found)


def _agrees(url: str, found: dict[str, Any]) -> None:
    """What the tutor believes to have arrived has arrived, and once."""
    engine = create_engine(url)
    with engine.connect() as db:
        count = select(func.count()).select_from(tables.activity)
        said = db.execute(count).scalar_one()
        arrived = db.execute(count.where(~tables.activity.c.waiting)).scalar_one()
        assert db.execute(select(func.count()).select_from(tables.learner)).scalar_one() >= 15
    engine.dispose()
    assert arrived <= found["replies"] <= said


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://tutor.example", "is not on this machine"),
        ("http://192.0.2.7:3978", "is not on this machine"),
        ("http://127.0.0.1.example:3978", "is not on this machine"),
        ("https://127.0.0.1:3978", "is not on this machine"),
        ("nonsense", "is not on this machine"),
        ("http://127.0.0.1:9", "does not answer"),
    ],
)
def test_a_url_that_can_not_be_is_told_in_one_sentence(
    capsys: pytest.CaptureFixture[str], url: str, why: str
) -> None:
    assert main(["--url", url]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert why in told.err
    assert told.err.endswith(".\n")
    assert told.err.count("\n") == 1


def test_a_lesson_that_is_not_there_is_told_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--lesson", "juggling"]) == 2
    assert capsys.readouterr().err.startswith(
        "There is no lesson juggling; there are choosing-a-technique"
    )


def test_a_kind_of_step_that_no_learner_knows_is_told_before_anybody_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = throw_away.lesson(tmp_path / "guessing")
    with throw_away.registered():
        monkeypatch.setattr(simulate, "load", lambda: load(folder))
        assert main([]) == 2
    assert capsys.readouterr().err == (
        'Simulated learners don\'t know how to answer a step of kind "estimate" '
        "(guessing / guess): bot/simulate/answers.py tells them.\n"
    )


# --- a tutor that makes faults ------------------------------------------------------


class Faulty:
    """Puts the same card over and over: `times` for each activity that isn't a repeated one."""

    def __init__(self, session: ClientSession, times: int, status: int = 202) -> None:
        self._session, self._times, self._status = session, times, status
        self._said = 0
        self._seen: set[str] = set()
        self._pressed: Any = None

    def _is_new(self, asked: dict[str, Any]) -> bool:
        known = asked["id"] in self._seen or ("value" in asked and asked["value"] == self._pressed)
        self._seen.add(asked["id"])
        self._pressed = asked.get("value", self._pressed)
        return not known

    async def take(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if self._status != 202:
            told = {"error": {"message": "nobody is let in"}}
            return web.json_response(told, status=self._status)
        stamp = {"lesson": LESSON, "step": "needs", "ticket": 1, "do": "next"}
        action = {"type": "Action.Submit", "title": "Next", "data": {"tutor": stamp}}
        content = {"type": "AdaptiveCard", "body": [], "actions": [action]}
        for _ in range(self._times if self._is_new(asked) else 0):
            self._said += 1
            reply = {
                "type": "message",
                "id": f"c|{self._said:07d}",
                "replyToId": asked["id"],
                "inputHint": "expectingInput",
                "attachments": [{"content": content}],
            }
            place = f"/v3/conversations/{asked['conversation']['id']}/activities"
            for _ in range(100):
                try:
                    async with self._session.post(asked["serviceUrl"] + place, json=reply) as got:
                        if got.status == 200:
                            break
                except ClientError:  # it was taken; a receipt was lost on purpose
                    break
                await asyncio.sleep(0.05)
        return web.Response(status=202)


async def _run(library: Library, times: int, status: int = 202) -> Figures:
    async with ClientSession() as session:
        app = web.Application()
        app.router.add_post("/api/messages", Faulty(session, times, status).take)
        async with TestServer(app) as server:
            url = str(server.make_url("/")).rstrip("/")
            plan = Plan([url], learners=1, seconds=4)
            return await crowd_of_learners(plan, library).run()


async def test_a_tutor_that_answers_twice_is_found_out(library: Library) -> None:
    found = await _run(library, 2)
    assert found.doubled > 0
    assert not found.is_sound
    assert f"counted twice {found.doubled:,}" in text(found)


async def test_a_tutor_that_answers_once_is_sound(library: Library) -> None:
    found = await _run(library, 1)
    assert found.is_sound, document(found)
    assert found.turns > 5


async def test_a_tutor_that_lets_nobody_in_ends_the_run(library: Library) -> None:
    with pytest.raises(Exception, match=r"refuses what is sent \(403: nobody is let in\)\.$"):
        await asyncio.wait_for(_run(library, 1, status=403), 10)


def _learner(library: Library) -> tuple[Learner, Figures]:
    crowd = crowd_of_learners(Plan(["http://127.0.0.1:3978"], learners=1), library)
    return Learner("somebody", crowd, library, Random(1)), crowd.figures


def _reply(number: int) -> dict[str, Any]:
    return {"type": "message", "id": f"emulator|somebody|{number:07d}", "text": "hello"}


async def test_a_reply_that_never_comes_is_missing_until_it_does(library: Library) -> None:
    learner, figures = _learner(library)
    for number in (1, 2, 5, 4):
        learner.heard(_reply(number))
    assert learner.missing == 1
    assert figures.disordered == 1
    learner.heard(_reply(3))
    assert learner.missing == 0
    assert (figures.replies, figures.disordered, figures.again) == (5, 2, 0)


async def test_a_reply_that_comes_twice_is_counted_once(library: Library) -> None:
    learner, figures = _learner(library)
    for number in (1, 1, 2, 1):
        learner.heard(_reply(number))
    assert (figures.replies, figures.again) == (2, 2)
    assert not figures.is_sound  # for no receipt was lost


# --- the report ---------------------------------------------------------------------


def test_percentiles_are_values_that_were_measured() -> None:
    figures = Figures(latencies_ms=[float(n) for n in range(100, 0, -1)])
    assert figures.latency_ms() == {"p50": 50.0, "p95": 95.0, "p99": 99.0, "max": 100.0}
    assert Figures(latencies_ms=[3.0]).latency_ms()["p99"] == 3.0
    assert Figures().latency_ms()["max"] == 0.0


def test_the_report_tells_the_hardest_step_first_for_each_answer_that_it_asks() -> None:
    figures = Figures(seconds=2.0, turns=10, cpu=0.5)
    quiz, choice = (LESSON, "check"), (LESSON, "fault")
    figures.met.update({quiz: 4, choice: 2})
    figures.asked = {quiz: 6, choice: 1}
    figures.attempts.update({quiz: 36, choice: 6})
    assert figures.hardest() == [(choice, 3.0, 2), (quiz, 1.5, 4)]
    told = text(figures)
    assert told.index("plain-words / fault") < told.index("plain-words / check")
    assert "10 in 2 s: 5.0/s" in told
    assert "25% of a core" in told
    assert "saturated" not in told


def test_the_report_says_when_the_figures_may_be_the_simulators_own() -> None:
    assert "saturated" in text(Figures(seconds=2.0, cpu=1.9))


def test_the_bar_shows_how_far_the_run_is() -> None:
    figures = Figures(turns=1200, finished=3)
    told = bar(0.5, figures, 1100)
    assert told.count("█") == told.count("·")
    assert "50%  1,200 turns, 200/s, 3 finished" in told


def test_a_run_that_is_stopped_reports_what_it_has(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/tutor.db"
    with servers.tutor(database) as server:
        url = f"http://127.0.0.1:{server.port}"
        command = (
            sys.executable,
            "-m",
            "bot.simulate",
            "--url",
            url,
            "--learners",
            "2",
            "--arrive",
            "1",
        )
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            asyncio.run(until(lambda: _said(database)))
            run.send_signal(signal.SIGINT)
            told, _ = run.communicate(timeout=LONGEST_S)
    assert run.returncode == 0
    assert told.startswith("turns ")


def _said(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as db:
        found = db.execute(select(func.count()).select_from(tables.activity)).scalar_one()
    engine.dispose()
    return int(found)
