"""`/insights`: how learners get on, for hosts and authors, and nobody else."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from aiohttp import web

from bot.http import html
from bot.http.access import Access, Purpose
from bot.records import drawing, report
from bot.records.report import Report
from bot.store import journeys
from bot.store.database import Store
from bot.store.journeys import Filter
from content.lesson import Lesson
from content.loader import Library
from content.strings import InsightsStrings
from dialogs.records.figures import FEWEST, Figure, Miss

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_MISSES = 3  # options that are shown of each step
FRESH_S, MOST_KEPT = 5.0, 50  # of reports
CHARTS = ("phases", "scores")


class Insights:
    """The dashboard, its pictures, and what can be downloaded of it."""

    def __init__(
        self,
        store: Store,
        access: Access,
        library: Library,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._access, self._library, self._now = store, access, library, now
        self._made: dict[tuple[str, Filter], tuple[float, Report]] = {}

    def routes(self) -> list[web.RouteDef]:
        """All of it behind the sign-in."""
        only = self._access.only(Purpose.INSIGHTS)
        return [
            web.get("/insights", only(self.page)),
            web.get("/insights/charts/{name}.svg", only(self.chart)),
            web.get("/insights/figures.json", only(self.as_json)),
            web.get("/insights/steps.csv", only(self.as_csv)),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The dashboard."""
        locale = html.language(request, self._library.languages)
        words = self._library.languages[locale].strings.insights
        lesson, only = await self._asked(request, locale)
        found = await self._report(lesson, only)
        choices = await self._store.look(partial(journeys.choices, lesson=lesson.id))
        text = html.rendered(
            "insights.html",
            lang=locale,
            words=words,
            lesson=lesson,
            lessons=list(self._library.edition("", locale).lessons.values()),
            chosen=request.query,
            choices={
                name: [value for value, n in values if n >= FEWEST]
                for name, values in choices.items()
            },
            query=urlencode({k: v for k, v in request.query.items() if v}),
            report=found,
            titles={step.id: step.title for step in lesson.steps},
            shown=shown,
            goal=partial(goal, words=words),
            percent=percent,
            misses=_by_step(found),
            fewest=FEWEST,
        )
        return html.answer(text, {**HEADERS, "Content-Security-Policy": POLICY})

    async def chart(self, request: web.Request) -> web.Response:
        """A chart as a picture."""
        name = request.match_info["name"]
        if name not in CHARTS:
            raise web.HTTPNotFound
        locale = html.language(request, self._library.languages)
        words = self._library.languages[locale].strings.insights
        found = await self._report(*await self._asked(request, locale))
        title = {"phases": words.phases, "scores": words.scores}[name]
        bars = {"phases": found.phases, "scores": found.scores}[name]
        picture = await asyncio.to_thread(drawing.bars, title, bars, words.learners)
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return web.Response(
            body=picture, content_type="image/svg+xml", headers={**HEADERS, **policy}
        )

    async def as_json(self, request: web.Request) -> web.Response:
        """All figures, as JSON."""
        found = await self._report(*await self._asked(request, html.LANGUAGE))
        return web.json_response(found.as_json(), headers=HEADERS)

    async def as_csv(self, request: web.Request) -> web.Response:
        """The steps, as a table."""
        found = await self._report(*await self._asked(request, html.LANGUAGE))
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="steps.csv"'}
        return web.Response(text=found.as_csv(), content_type="text/csv", headers=headers)

    async def _report(self, lesson: Lesson, only: Filter) -> Report:
        """The report, not older than `FRESH_S`: a page asks for it once for each picture, too."""
        now = self._now().timestamp()
        made, found = self._made.get((lesson.locale, only), (0.0, None))
        if found is None or not 0 <= now - made < FRESH_S:
            words = self._library.languages[lesson.locale].strings.questions
            questions = {str(name): tile.question for name, tile in words.tiles.items()}
            make = partial(report.make, lesson=lesson, only=only, now=now, questions=questions)
            found = await self._store.look(make)
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            self._made[lesson.locale, only] = now, found
        return found

    async def _asked(self, request: web.Request, locale: str) -> tuple[Lesson, Filter]:
        """The lesson and the filter of an address. Raises 400 for what can't be one.

        Only values that `FEWEST` learners have are taken: a filter of one's own finds nobody.
        """
        given = request.query
        lessons = self._library.lessons
        name = given.get("lesson") or await self._store.look(journeys.most_begun)
        if name is None or (name not in lessons and "lesson" not in given):
            name = next(iter(lessons))
        if name not in lessons:
            raise _bad("lesson")
        only = Filter(name, since=_day(given, "since"), until=_day(given, "until"))
        if only.until is not None:
            only = replace(only, until=only.until + timedelta(days=1).total_seconds())
        choices = await self._store.look(partial(journeys.choices, lesson=name))
        wanted = {key: given[key] for key in choices if given.get(key)}
        for key, value in wanted.items():
            if value not in {one for one, n in choices[key] if n >= FEWEST}:
                raise _bad(key)
        only = replace(
            only,
            locale=wanted.get("locale"),
            event=wanted.get("event"),
            channel=wanted.get("channel"),
        )
        edition = self._library.edition(name, locale)
        return edition.lessons[name], only


def shown(value: float, kind: str) -> str:
    """A figure's value in words: a share in percent, a mean with two decimal places."""
    return percent(value) if kind == "share" else f"{value:.2f}"


def goal(one: Figure, words: InsightsStrings) -> str:
    """A figure's goal in words; a dash where it has none."""
    if one.goal is None:
        return "–"
    low, high = one.goal.low, one.goal.high
    if high is not None:
        return words.goal_between.format(low=f"{low:g}", high=f"{high:g}")
    least = percent(low) if one.kind == "share" else f"{low:g}"
    return words.goal_above.format(low=least) if one.goal.is_above else least


def percent(share: float) -> str:
    """A share, 0.0 to 1.0."""
    return f"{100 * share:.0f} %"


def _by_step(found: Report) -> Mapping[str, list[Miss]]:
    steps: dict[str, list[Miss]] = {}
    for one in found.misses:
        steps.setdefault(one.step, [])
        if len(steps[one.step]) < MOST_MISSES:
            steps[one.step].append(one)
    return steps


def _day(given: Mapping[str, str], name: str) -> float | None:
    """Where a day begins, in UTC. Raises 400 for what is no day."""
    text = given.get(name)
    if not text:
        return None
    if not DAY.fullmatch(text):
        raise _bad(name)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _bad(name) from None


def _bad(name: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=f"there is no such {name}")
