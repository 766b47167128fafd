"""A session's report for its host: answers, questions, who stayed, what was hard. No names."""

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.http import html
from bot.http.access import Access, Purpose
from bot.rooms import bars
from bot.rooms.bars import Bar
from bot.rooms.host import HEADERS
from bot.rooms.snapshot import QuestionGroup, together
from bot.store import rooms
from bot.store.database import Store
from content.loader import Library
from content.session import Cloud, Poll, Session, Train
from dialogs.room import codes
from dialogs.room.grouping import grouped
from dialogs.room.scores import Score, scoreboard
from dialogs.room.state import Room


@dataclass(frozen=True)
class Reported:
    """What came of an activity. `right` is the share who got a quiz question right, in percent."""

    id: str
    prompt: str
    total: int
    answers: tuple[Bar, ...]
    hidden: int = 0
    right: int | None = None


@dataclass(frozen=True)
class Report:
    """A session's report: how many joined, answered anything, and were there at the end."""

    room: Room
    title: str
    joined: int
    answered: int
    stayed: int
    activities: tuple[Reported, ...]
    questions: tuple[QuestionGroup, ...]
    questions_hidden: int

    @property
    def hard(self) -> tuple[Reported, ...]:
        """The quiz questions, the one that fewest got right first."""
        quizzes = [one for one in self.activities if one.right is not None and one.total]
        return tuple(sorted(quizzes, key=lambda one: one.right or 0))

    def as_json(self) -> dict[str, object]:
        """The report as a file for programs."""
        room = self.room
        return {
            "code": room.code,
            "session": room.session,
            "title": self.title,
            "opened": room.opened.isoformat(),
            "started": room.started.isoformat() if room.started else None,
            "ended": room.ended.isoformat() if room.ended else None,
            "funnel": {"joined": self.joined, "answered": self.answered, "stayed": self.stayed},
            "activities": [asdict(one) for one in self.activities],
            "hard": [one.id for one in self.hard],
            "questions": [asdict(one) for one in self.questions],
            "questions_hidden": self.questions_hidden,
        }

    def as_csv(self) -> str:
        """The answers as a table. A text that a spreadsheet would compute begins with a quote."""
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(("activity", "prompt", "answer", "count", "percent", "right"))
        for one in self.activities:
            for answer in one.answers:
                right = "yes" if answer.is_right else ""
                row = (one.id, one.prompt, answer.text, answer.count, answer.share, right)
                table.writerow(_safe(cell) for cell in row)
        for question in self.questions:
            asked = ("question", "", question.text, question.alike + question.votes, "", "")
            table.writerow(_safe(cell) for cell in asked)
        return written.getvalue()


class Reports:
    """The report as a page and as files, behind the host's sign-in."""

    def __init__(self, store: Store, access: Access, library: Library) -> None:
        self._store, self._access, self._library = store, access, library

    def routes(self) -> list[web.RouteDef]:
        """The page, and the report as JSON and CSV."""
        only = self._access.only(Purpose.HOST)
        return [
            web.get("/host/{code}/report", only(self.page)),
            web.get("/host/{code}/report.json", only(self.as_json)),
            web.get("/host/{code}/report.csv", only(self.as_csv)),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The report to read."""
        locale = html.language(request, self._library.languages)
        report = await self._report(request, locale)
        text = html.rendered(
            "report.html",
            lang=locale,
            words=self._library.languages[locale].strings.room,
            report=report,
            room=report.room,
        )
        return html.answer(text, {**HEADERS, "Vary": "Accept-Language"})

    async def as_json(self, request: web.Request) -> web.Response:
        """The report for programs."""
        report = await self._report(request, html.LANGUAGE)
        return web.json_response(report.as_json(), headers=_file(report, "json"))

    async def as_csv(self, request: web.Request) -> web.Response:
        """The report for a spreadsheet."""
        report = await self._report(request, html.LANGUAGE)
        return web.Response(
            text=report.as_csv(), content_type="text/csv", headers=_file(report, "csv")
        )

    async def _report(self, request: web.Request, locale: str) -> Report:
        code = codes.normal(request.match_info["code"])
        sessions = self._library.languages[locale].sessions
        found = await self._store.look(lambda db: _look(db, code, sessions)) if code else None
        if found is None:
            raise web.HTTPNotFound
        return await asyncio.to_thread(made, sessions[found.room.session], found)


@dataclass(frozen=True)
class Looked:
    """What the store has of a session that is reported."""

    room: Room
    joined: int
    answered: int
    stayed: int
    tallies: Mapping[str, Mapping[str, int]]
    questions: list[rooms.Question]
    scores: Mapping[str, Sequence[Score]]


def _look(db: Connection, code: str, sessions: Mapping[str, Session]) -> Looked | None:
    stored = rooms.by_code(db, code)
    if stored is None:
        return None
    room = stored.room
    opened = [sessions[room.session].activity(name) for name in room.opened_once]
    return Looked(
        room,
        rooms.joined(db, room.id),
        rooms.who_answered(db, room.id),
        rooms.present(db, room.id),
        {name: rooms.tally(db, room.id, name) for name in room.opened_once},
        rooms.questions(db, room.id),
        {one.id: rooms.scores(db, room, one) for one in opened if isinstance(one, Train)},
    )


def made(session: Session, found: Looked) -> Report:
    """Make the report; what was typed is grouped by meaning, and what may hurt is counted."""
    reported = []
    for name in found.room.opened_once:
        activity, tally = session.activity(name), found.tallies.get(name, {})
        total = sum(tally.values())
        match activity:
            case Poll():
                answers = bars.of_poll(activity, tally, activity.right)
                right = next((one.share for one in answers if one.is_right), None)
                reported.append(Reported(name, activity.prompt, total, answers, right=right))
            case Cloud():
                together_by_meaning = grouped(tally)
                answers = tuple(
                    Bar(one.text, one.count, bars.percent(one.count, total))
                    for one in together_by_meaning.groups
                )
                hidden = together_by_meaning.hidden
                reported.append(Reported(name, activity.prompt, total, answers, hidden))
            case Train():
                answers = bars.of_scores(scoreboard(found.scores.get(name, ())))
                trained = sum(one.count for one in answers)
                reported.append(Reported(name, activity.prompt, trained, answers))
            case _:
                continue
    questions, kept_back = together(found.questions)
    return Report(
        found.room,
        session.title,
        found.joined,
        found.answered,
        found.stayed,
        tuple(reported),
        questions,
        len(kept_back),
    )


def _safe(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r") else cell


def _file(report: Report, kind: str) -> dict[str, str]:
    name = f"session-{report.room.code}.{kind}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
