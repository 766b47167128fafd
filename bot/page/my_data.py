"""`/my-data/{code}`: all that is kept about a learner, to read and as files, by a code."""

import asyncio
import json
from datetime import UTC, datetime

from aiohttp import web
from sqlalchemy import Connection

from bot.http import html
from bot.http.rate_limits import GUESSING, RateLimits
from bot.page import readable
from bot.page.notices import POLICY
from bot.store import codes, own_data
from bot.store.database import Store
from bot.turns.errands import OWN_DATA
from content.loader import Library

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
PAGE, JSON = "my-data.html", "my-data.json"

Tables = dict[str, list[dict[str, object]]]


class MyData:
    """A learner's data for whoever has a code for them."""

    def __init__(self, store: Store, limits: RateLimits, library: Library) -> None:
        self._store, self._limits, self._library = store, limits, library

    def routes(self) -> list[web.RouteDef]:
        """The page, and the files that it links to."""
        return [
            web.get(f"{OWN_DATA}/{{code}}", self.page),
            web.get(f"{OWN_DATA}/{{code}}/{PAGE}", self.page_as_file),
            web.get(f"{OWN_DATA}/{{code}}/{JSON}", self.file),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The data to be read; where the code is none any more, how to get another."""
        found = await self._found(request)
        if found is None:
            return self._gone(request)
        text = await self._rendered(request, found, request.match_info["code"])
        return html.answer(text, {**HEADERS, "Content-Security-Policy": POLICY})

    async def page_as_file(self, request: web.Request) -> web.Response:
        """The same to keep."""
        found = await self._found(request)
        if found is None:
            return self._gone(request)
        text = await self._rendered(request, found, "")
        return html.answer(text, {**HEADERS, "Content-Disposition": _attached(PAGE)})

    async def file(self, request: web.Request) -> web.Response:
        """All of it, as JSON."""
        found = await self._found(request)
        if found is None:
            return self._gone(request)
        text = await asyncio.to_thread(json.dumps, found, indent=2, ensure_ascii=False)
        headers = {**HEADERS, "Content-Disposition": _attached(JSON)}
        return web.Response(text=text, content_type="application/json", headers=headers)

    async def _found(self, request: web.Request) -> Tables | None:
        """The data that the address's code is for; None where it is none any more."""
        self._limits.check_address(request, "my data", GUESSING)
        code = request.match_info["code"]

        def read(db: Connection) -> Tables | None:
            learner = codes.whose(db, "export", code, datetime.now(UTC))
            return own_data.export(db, learner) if learner else None

        found = await self._store.run(read)
        if found is None:
            self._limits.count_address(request, "my data", GUESSING)
        return found

    async def _rendered(self, request: web.Request, found: Tables, code: str) -> str:
        """The page; without a `code` nothing leads from it, so that it can be kept."""
        locale = html.language(request, self._library.languages)

        def render() -> str:
            return html.rendered(
                "mine.html",
                lang=locale,
                words=self._library.languages[locale].strings.mine,
                at=f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
                code=f"{OWN_DATA}/{code}" if code else "",
                parts=readable.parts(found, self._library, locale),
            )

        return await asyncio.to_thread(render)

    def _gone(self, request: web.Request) -> web.Response:
        locale = html.language(request, self._library.languages)
        strings = self._library.languages[locale].strings
        words = strings.account
        page = html.rendered(
            "word.html",
            lang=locale,
            title=words.export_gone_title,
            text=words.export_gone.format(word=strings.tutor.commands["export"][0]),
            home=strings.page["title"],
        )
        return html.answer(page, {**HEADERS, "Content-Security-Policy": POLICY}, status=404)


def _attached(name: str) -> str:
    return f'attachment; filename="{name}"'
