"""The own page and what it loads: files, charts, pictures, downloads, live checks."""

import asyncio
from functools import lru_cache, partial
from pathlib import Path
from secrets import token_urlsafe

from aiohttp import web
from sqlalchemy import Connection

from bot.activity.links import LearnerPass, Signer
from bot.activity.origins import normal
from bot.http import html
from bot.http.cors import ancestors
from bot.http.rate_limits import CHECKING, OPENING, RateLimits
from bot.http.wire import read_body, refusal
from bot.page import own_page
from bot.settings import Settings
from bot.store import computations, credentials, learners
from bot.store.database import Store
from cards import charts
from content.lesson import DialogueStep, JsonlStep, Lesson
from dialogs.advance import begin
from dialogs.simulations.own_file import FileRecipe
from dialogs.steps import dialogue, jsonl
from dialogs.tutor import Tutor
from dialogs.values.progress import Learner
from dialogs.work import training_set
from dialogs.work.persona_company import is_company

WEB = Path(__file__).parent / "web"
FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"
ASKED_AGAIN = "no-cache"  # kept, and used while we say that it is still the same
LONGEST_CHECK = 20_000  # characters of a line that is checked while it is typed
NOTICE = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# Web Chat's scrolling part adds one style element without a nonce. It is empty; this is its hash.
EMPTY_STYLE = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


class Pages:
    """The routes of the own page."""

    def __init__(
        self, settings: Settings, tutor: Tutor, store: Store, address: Signer, limits: RateLimits
    ) -> None:
        self._settings, self._tutor, self._store = settings, tutor, store
        self._address, self._limits = address, limits
        self._checking = asyncio.Semaphore(1)
        languages = tutor.library.languages
        self._words = {locale: dict(one.strings.page) for locale, one in languages.items()}
        self._files = {f.relative_to(WEB).as_posix(): f for f in WEB.rglob("*") if f.is_file()}

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page, and the files that it asks for."""
        return [
            web.get("/", self.page),
            web.get("/charts/{signed}.png", self.chart),
            web.get("/media/{lesson}/{source}", self.media),
            web.get("/files/{pass}/{lesson}/{name}", self.file),
            web.post("/api/check/{pass}/{lesson}/{step}", self.check),
            web.get("/static/{name:.+}", self.static),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page, under a policy that runs no script but ours."""
        nonce = token_urlsafe(16)
        in_frame = "embed" in request.query
        frames = ancestors(self._settings.embedders) if in_frame else "frame-ancestors 'none'"
        body = html.rendered(
            "chat.html",
            lang=html.language(request, self._words),
            nonce=nonce,
            words=self._words,
            origins=self._settings.embedders,
        )
        policy = (
            "default-src 'none'; base-uri 'none'; form-action 'none'; "
            f"{frames}; {self._sources(request)}; font-src 'self' data:; "
            f"style-src 'self' 'nonce-{nonce}' '{EMPTY_STYLE}'; "
            f"script-src 'nonce-{nonce}' 'strict-dynamic'; "
            "worker-src blob:; media-src blob: data:"
        )
        headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
        return html.answer(body, headers)

    def _sources(self, request: web.Request) -> str:
        """The policy's part on where the page may connect to and get pictures from."""
        if not self._settings.direct_line_secret:
            stream = _stream(own_page.origin(request, self._settings))
            return f"connect-src 'self' {stream}; img-src 'self' blob: data:"
        azure = str(normal(self._settings.direct_line_url))
        # Cards that come by Azure name our pictures by the address in the settings.
        pictures = f"img-src 'self' {normal(self._settings.address) or ''} blob: data:"
        return f"connect-src 'self' {azure} {_stream(azure)}; {pictures}"

    async def chart(self, request: web.Request) -> web.Response:
        """A chart that one of our cards describes in its address."""
        signature, _, description = request.match_info["signed"].partition(".")
        if not self._address.is_chart(description, signature):
            return refusal(404, "there is no such chart")
        try:
            picture = await asyncio.to_thread(_picture, description)
        except ValueError:  # it was signed, but as something else
            return refusal(404, "there is no such chart")
        headers = {"Cache-Control": FOREVER}
        return web.Response(body=picture, content_type="image/png", headers=headers)

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A script, style or font of the page: what was there at the start, and nothing else."""
        found = self._files.get(request.match_info["name"])
        if found is None:
            return refusal(404, "there is no such file")
        return web.FileResponse(found, headers={"Cache-Control": ASKED_AGAIN})

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A picture that a lesson names; no other file."""
        pictures = self._tutor.library.pictures(request.match_info["lesson"])
        picture = pictures.get(request.match_info["source"])
        if picture is None:
            return refusal(404, "there is no such picture")
        return web.FileResponse(picture, headers={"Cache-Control": SHORTLY})

    async def file(self, request: web.Request) -> web.Response:
        """A learner's training set, or the lesson's practice file."""
        file_pass = self._address.learner_pass("file", request.match_info["pass"])
        if file_pass is None:
            return refusal(404, "there is no such file")
        self._limits.count(request, "file", OPENING, file_pass.learner)
        learner = await self._store.run(partial(self._owner, file_pass=file_pass))
        if learner is None:
            return self._ended(request)
        name = request.match_info["name"]
        lesson = self._tutor.edition(learner, request.match_info["lesson"])
        if lesson is None:
            return refusal(404, "there is no such file")
        simulation = self._tutor.simulation(lesson.id, lesson.locale)
        practice = self._tutor.library.languages[lesson.locale].practice[lesson.id]
        if name == "practice.jsonl" and practice:
            lines = practice
        elif name == "training-set.jsonl" and is_company(simulation):
            progress = learner.progress.get(lesson.id) or begin(lesson, 0)
            lines = await asyncio.to_thread(training_set.jsonl_file, lesson, progress, simulation)
        elif name == "own-file.jsonl" and (own := await self._own_file(learner, lesson)):
            lines = own
        else:
            return refusal(404, "there is no such file")
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return web.Response(text=lines, content_type="application/jsonl", headers=headers)

    async def _own_file(self, learner: Learner, lesson: Lesson) -> str | None:
        """The text of the file that the learner brought last."""
        progress = learner.progress.get(lesson.id)
        own = progress.own_file if progress else None
        if own is None:
            return None
        recipe = await self._store.run(partial(computations.recipe_of_result, key=own.report))
        return recipe.text if isinstance(recipe, FileRecipe) else None

    def _owner(self, db: Connection, file_pass: LearnerPass) -> Learner | None:
        """Whose files a pass opens; None when it doesn't any more."""
        over = credentials.revoked_at(db, file_pass.learner) >= file_pass.made
        if over or not file_pass.is_young:
            return None
        return learners.find(db, file_pass.learner, self._tutor)

    def _ended(self, request: web.Request) -> web.Response:
        """Say how to get a new link in place of one that has ended."""
        locale = html.language(request, self._words)
        ended = self._tutor.library.languages[locale].strings.notices.file_ended
        text = html.rendered("ended.html", lang=locale, ended=ended)
        return html.answer(text, {"Content-Security-Policy": NOTICE}, status=410)

    async def _checker(self, request: web.Request) -> Learner | None:
        """Whom the pass to a check is for; None for a false one."""
        learner = self._address.learner_of("check", request.match_info["pass"])
        if learner is None:
            return None
        found = await self._store.run(lambda db: learners.find(db, learner, self._tutor))
        return found or Learner(id=learner, seed=0)

    async def check(self, request: web.Request) -> web.Response:
        """Check a line of JSONL while it is written."""
        learner = await self._checker(request)
        lesson = self._tutor.edition(learner, request.match_info["lesson"]) if learner else None
        step = lesson.step(request.match_info["step"]) if lesson else None
        if learner is None or lesson is None or not isinstance(step, JsonlStep | DialogueStep):
            return refusal(404, "there is no such step")
        self._limits.count(request, "check", CHECKING, learner.id)
        body = await read_body(request)
        line = body.get("text")
        if not isinstance(line, str) or len(line) > LONGEST_CHECK:
            return refusal(400, f"text must be a text of at most {LONGEST_CHECK} characters")
        strings = self._tutor.library.languages[lesson.locale].strings
        # One after the other: whoever sends many makes their own wait, and not the turns.
        async with self._checking:
            if isinstance(step, JsonlStep):
                report = await asyncio.to_thread(jsonl.live, step, line, strings)
            else:
                report = await asyncio.to_thread(dialogue.live, step, line, strings)
        return web.json_response(report)


def _stream(origin: str) -> str:
    """An origin's WebSockets."""
    return origin.replace("http", "ws", 1)


@lru_cache(maxsize=256)
def _picture(description: str) -> bytes:
    return charts.png(charts.decode(description))
