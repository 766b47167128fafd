"""Takes a training file of the learner's own, asks before it is converted, and has it checked."""

import asyncio
from typing import Literal

from aiohttp import web
from sqlalchemy import Connection

from bot.activity.links import Signer
from bot.http.rate_limits import FILING, RateLimits
from bot.http.wire import TooLarge, answer, read_file, refusal
from bot.page.tokens import name_of
from bot.store import credentials, learners
from bot.store.database import Store
from bot.turns.service import TutorService
from content.lesson import Lesson
from content.strings import FilesStrings
from dialogs.jsonl import conversion, encoding
from dialogs.jsonl.conversion import Conversion
from dialogs.jsonl.encoding import OtherFile, TextFile
from dialogs.simulations.own_file import LARGEST
from dialogs.tutor import Tutor
from dialogs.values.events import Brought
from dialogs.values.progress import Learner

LONGEST_NAME = 80  # characters
PATIENCE_S = 60  # in which the report comes, or the page is told that it is still being made

Wish = Literal["ask", "yes", "no"]  # whether to convert
WISHES: dict[str, Wish] = {"ask": "ask", "yes": "yes", "no": "no"}


class OwnFiles:
    """The route to which the page sends a file; the report comes in the chat."""

    def __init__(
        self,
        tutor: Tutor,
        store: Store,
        service: TutorService,
        address: Signer,
        limits: RateLimits,
    ) -> None:
        self._tutor, self._store, self._service = tutor, store, service
        self._address, self._limits = address, limits
        self._under_way: set[str] = set()  # learners: each may bring one file at a time
        self._reading = asyncio.Semaphore(1)

    def routes(self) -> list[web.RouteDef]:
        """The one route."""
        return [web.post("/api/file/{pass}/{lesson}", self.bring)]

    async def bring(self, request: web.Request) -> web.Response:
        """Take a file, as bytes: say what it is, ask whether to convert it, or check it.

        The query names it and says what was decided: `convert` is ask, yes or no.
        """
        learner, lesson = await self._whose(request)
        wish = WISHES.get(request.query.get("convert", "ask"))
        if learner is None or lesson is None or wish is None:
            return refusal(404, "there is no such lesson or learner")
        self._limits.count(request, "file", FILING, learner.id)
        words = self._tutor.strings(learner).files
        if learner.id in self._under_way:
            return refusal(409, words.busy)
        self._under_way.add(learner.id)
        try:
            name, data = _name(request), await read_file(request, LARGEST)
            return await self._answered(learner, lesson, name, data, wish)
        except TooLarge:
            return refusal(413, words.too_large)
        finally:
            self._under_way.discard(learner.id)

    async def _whose(self, request: web.Request) -> tuple[Learner | None, Lesson | None]:
        """The learner for whom the address was made, and their edition of the lesson."""
        who = self._address.learner_pass("bring", request.match_info["pass"])
        if who is None:
            return None, None

        def find(db: Connection) -> Learner | None:
            over = credentials.revoked_at(db, who.learner) >= who.made
            return None if over else learners.find(db, who.learner, self._tutor)

        learner = await self._store.run(find)
        lesson = self._tutor.edition(learner, request.match_info["lesson"]) if learner else None
        return learner, lesson

    async def _answered(
        self, learner: Learner, lesson: Lesson, name: str, data: bytes, wish: Wish
    ) -> web.Response:
        words = self._tutor.strings(learner).files
        # One after the other: whoever sends many makes their own wait, and not the turns.
        async with self._reading:
            found, converted = await asyncio.to_thread(_read, data, wish)
        if isinstance(found, OtherFile):
            return refusal(422, words.unreadable[found.kind].format(name=name))
        if converted is not None and wish == "ask":
            return answer({"asks": _question(name, converted, words)})
        brought = Brought(
            lesson=lesson.id,
            name=name,
            text=converted.text if converted else found.text,
            encoding="utf-8" if converted else found.encoding,
            not_utf8=found.line,
            forms=converted.forms if converted else (),
            mapping=converted.mapping if converted else (),
        )
        turn = await self._service.on_brought(learner.id, name_of(learner.id), brought)
        if not turn.activities:
            return refusal(409, words.not_here)
        await self._service.computed(turn.computations, PATIENCE_S)
        return answer({"told": True})


def _read(data: bytes, wish: Wish) -> tuple[TextFile | OtherFile, Conversion | None]:
    """What a file holds, and what it can be converted to where nobody said no to that."""
    found = encoding.read(data)
    if isinstance(found, OtherFile) or wish == "no":
        return found, None
    converted = conversion.convert(found.text)
    if converted is None and found.encoding != "utf-8":
        converted = conversion.resaved(found.text)
    return found, converted


def _question(name: str, converted: Conversion, words: FilesStrings) -> dict[str, object]:
    """What the page asks: how the file would be read, and whether to do so."""
    maps = (words.maps.format(part=part, role=role) for part, role in converted.mapping)
    samples = [
        {"title": words.before, "text": converted.before},
        {"title": words.after, "text": converted.after},
    ]
    return {
        "text": words.question.format(name=name),
        "points": [*(words.found_forms[form] for form in converted.forms), *maps],
        "samples": samples if converted.after else [],
        "yes": words.yes,
        "no": words.no,
    }


def _name(request: web.Request) -> str:
    """The file's name, as far as it can be shown."""
    given = "".join(filter(str.isprintable, request.query.get("name", ""))).strip()
    return given[:LONGEST_NAME] or "file"
