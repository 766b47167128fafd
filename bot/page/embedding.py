"""The chat on somebody else's site: one script, and a sample of a page that has it."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from bot.http import html
from bot.http.cors import ancestors
from bot.settings import Settings

WEB = Path(__file__).parent / "web"
AN_HOUR = "public, max-age=3600"
ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)
TOKEN = re.compile(r"--(\w+): (.*);")
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self'; frame-src 'self'; "
)


class Embedding:
    """The routes `/embed.js` and `/demo`."""

    def __init__(self, settings: Settings, words: Mapping[str, Mapping[str, str]]) -> None:
        self._button = html.rendered("demo.html", inline=False)
        self._inline = html.rendered("demo.html", inline=True)
        self._headers = {
            "Content-Security-Policy": POLICY + ancestors(settings.embedders),
            "Cache-Control": AN_HOUR,
        }
        script = (WEB / "embed.js").read_text("utf-8")
        used = {
            locale: {name: text for name, text in texts.items() if f"words.{name}" in script}
            for locale, texts in words.items()
        }
        themes = _themes((WEB / "vendor" / "tokens.css").read_text("utf-8"), script)
        self._script = (
            script.replace("{{themes}}", themes, 1)
            .replace('"{{words}}"', json.dumps(used), 1)
            .encode()
        )
        self._tag = f'"{sha256(self._script).hexdigest()[:16]}"'

    def routes(self) -> list[web.AbstractRouteDef]:
        """The script for other sites, and a sample of such a site."""
        return [
            web.get("/embed.js", self.script),
            web.get("/demo", self.demo),
            web.get("/demo/inline", self.inline),
        ]

    async def script(self, request: web.Request) -> web.Response:
        """The script that other sites load."""
        headers = {
            "Cache-Control": AN_HOUR,
            "ETag": self._tag,
            "Access-Control-Allow-Origin": "*",  # for `integrity`; it holds nothing secret
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if request.headers.get("If-None-Match") == self._tag:
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=self._script, content_type="text/javascript", charset="utf-8", headers=headers
        )

    async def demo(self, request: web.Request) -> web.Response:
        """An event's page with the chat's button."""
        del request
        return self._page(self._button)

    async def inline(self, request: web.Request) -> web.Response:
        """The same event's page with the chat in its text."""
        del request
        return self._page(self._inline)

    def _page(self, text: str) -> web.Response:
        return html.answer(text, self._headers)


def _themes(tokens: str, script: str) -> str:
    """The tokens that the script's style uses, for light and for dark."""
    used = set(re.findall(r"var\(--(\w+)\)", script))
    light, dark = (
        "".join(f"--{name}:{value};" for name, value in TOKEN.findall(part) if name in used)
        for part in ROOT.findall(tokens)
    )
    return f".widget{{color-scheme:light;{light}}}.widget.dark{{color-scheme:dark;{dark}}}"
