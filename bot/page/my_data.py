"""`/my-data/{code}`: all that is kept about a learner, as a file; the chat gives the code."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from aiohttp import web
from sqlalchemy import Connection

from bot.http import html
from bot.http.rate_limits import GUESSING, RateLimits
from bot.page.notices import POLICY
from bot.store import codes, own_data
from bot.store.database import Store
from bot.turns.errands import OWN_DATA
from content.strings import Strings

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
NAME = "my-data.json"

Tables = dict[str, list[dict[str, object]]]


class MyData:
    """A learner's data for whoever has a code for them."""

    def __init__(self, store: Store, limits: RateLimits, languages: Mapping[str, Strings]) -> None:
        self._store, self._limits, self._languages = store, limits, languages

    def routes(self) -> list[web.RouteDef]:
        """The one file."""
        return [web.get(f"{OWN_DATA}/{{code}}", self.file)]

    async def file(self, request: web.Request) -> web.Response:
        """The file; where the code is none any more, how to get another."""
        self._limits.check_address(request, "my data", GUESSING)
        code = request.match_info["code"]

        def read(db: Connection) -> Tables | None:
            learner = codes.whose(db, "export", code, datetime.now(UTC))
            return own_data.export(db, learner) if learner else None

        found = await self._store.run(read)
        if found is None:
            self._limits.count_address(request, "my data", GUESSING)
            return self._gone(request)
        text = await asyncio.to_thread(json.dumps, found, indent=2, ensure_ascii=False)
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{NAME}"'}
        return web.Response(text=text, content_type="application/json", headers=headers)

    def _gone(self, request: web.Request) -> web.Response:
        locale = html.language(request, self._languages)
        strings = self._languages[locale]
        words = strings.account
        page = html.rendered(
            "word.html",
            lang=locale,
            title=words.export_gone_title,
            text=words.export_gone.format(word=strings.tutor.commands["export"][0]),
            home=strings.page["title"],
        )
        return html.answer(page, {**HEADERS, "Content-Security-Policy": POLICY}, status=404)
