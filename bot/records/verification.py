"""Where anybody checks a certificate: its page, its files, and the keys that signed it.

Who has a certificate's address, which nobody guesses, sees what the certificate says, and no more.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aiohttp import web
from sqlalchemy import Connection

from bot.http import html
from bot.http.rate_limits import GUESSING, RateLimits
from bot.records import typesetting
from bot.records.issuing import KEYS
from bot.records.signing import checked, jwk
from bot.store import certificates
from bot.store.certificates import KeptCertificate
from bot.store.database import Store
from content.strings import CertificateStrings
from dialogs.records import badge
from dialogs.records.wording import dated, scored
from dialogs.values.certificate import BADGE, FILE, PICTURE

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
VOUCHED = ("jti", "name", "validFrom", "credentialSubject")  # what has to be as it was signed
JWKS = "/.well-known/jwks.json"

State = Literal["valid", "revoked", "unknown", "broken"]


@dataclass(frozen=True)
class Check:
    """What is known of a certificate's address; `kept` is there only where it is valid."""

    state: State
    kept: KeptCertificate | None = None
    why: str | None = None


def check(db: Connection, name: str) -> Check:
    """Look a certificate up, and hold its signature against what is kept of it."""
    found = certificates.find(db, name)
    if found is None:
        return Check("unknown")
    if found.why is not None:
        return Check("revoked", why=found.why)
    claims = checked(found.credential, certificates.public_keys(db))
    if claims is None:
        return Check("broken")
    kept = badge.credential(found.certificate, str(claims["iss"]))
    if any(claims.get(name) != kept[name] for name in VOUCHED):
        return Check("broken")
    return Check("valid", found)


class Verification:
    """The routes that need nobody to sign in."""

    def __init__(
        self,
        store: Store,
        limits: RateLimits,
        address: str,
        languages: Mapping[str, CertificateStrings],
    ) -> None:
        self._store, self._limits, self._address = store, limits, address
        self._languages = languages
        self._setting = asyncio.Semaphore(1)

    def routes(self) -> list[web.RouteDef]:
        """A certificate's page and what is below it; the keys."""
        here = "/certificates/{id}"
        return [
            web.get(here, self.page),
            web.get(f"{here}/status", self.status),
            web.get(f"{here}/{BADGE}", self.badge),
            web.get(f"{here}/{{file:{FILE}|{PICTURE}}}", self.file),
            web.get(JWKS, self.jwks),
            web.get(f"{KEYS}/{{id}}", self.key),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Whether the certificate is valid, and if so what it says."""
        found = await self._checked(request)
        locale = html.language(request, self._languages)
        words = self._languages[locale]
        page = html.rendered(
            "certificate.html",
            lang=locale,
            words=words,
            state=found.state,
            shown=self._shown(found.kept, words) if found.kept else None,
        )
        return html.answer(page, HEADERS, status=404 if found.state == "unknown" else 200)

    async def file(self, request: web.Request) -> web.Response:
        """The certificate as a PDF or as a picture, while it is valid."""
        found = await self._checked(request)
        if found.kept is None:
            return self._missing(request)
        certificate = found.kept.certificate
        words = self._languages.get(certificate.claim.locale, self._languages[html.LANGUAGE])
        paper = typesetting.Paper(certificate, words, f"{self._address}{certificate.path}")
        is_pdf = request.match_info["file"] == FILE
        async with self._setting:
            body = await asyncio.to_thread(typesetting.paper, paper, "pdf" if is_pdf else "png")
        kind = "application/pdf" if is_pdf else "image/png"
        headers = HEADERS | (
            {"Content-Disposition": f'inline; filename="{FILE}"'} if is_pdf else {}
        )
        return web.Response(body=body, content_type=kind, headers=headers)

    async def badge(self, request: web.Request) -> web.Response:
        """The signed credential, while it is valid."""
        found = await self._checked(request)
        if found.kept is None:
            return self._missing(request)
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{BADGE}"'}
        return web.Response(
            text=found.kept.credential, content_type="application/vc+jwt", headers=headers
        )

    async def status(self, request: web.Request) -> web.Response:
        """The list of revoked credentials, for this one; what isn't kept counts as revoked."""
        found = await self._checked(request)
        reason = None if found.state == "valid" else found.why or found.state
        told = badge.status(f"/certificates/{request.match_info['id']}", self._address, reason)
        return _json(told, "no-store")

    async def jwks(self, _: web.Request) -> web.Response:
        """The public keys of all that was ever signed here."""
        keys = await self._store.run(certificates.public_keys)
        return _json({"keys": [self._key(name, key) for name, key in keys.items()]})

    async def key(self, request: web.Request) -> web.Response:
        """One of them, as credentials name it."""
        keys = await self._store.run(certificates.public_keys)
        name = request.match_info["id"]
        if name not in keys:
            return self._missing(request)
        return _json(self._key(name, keys[name]))

    def _key(self, name: str, public: bytes) -> dict[str, str]:
        return {**jwk(public), "kid": f"{self._address}{KEYS}/{name}", "alg": "EdDSA", "use": "sig"}

    def _shown(self, kept: KeptCertificate, words: CertificateStrings) -> dict[str, object]:
        certificate = kept.certificate
        return {
            "certificate": certificate,
            "date": dated(words, certificate),
            "score": scored(words, certificate),
            "pdf": f"{certificate.path}/{FILE}",
            "badge": f"{certificate.path}/{BADGE}",
        }

    async def _checked(self, request: web.Request) -> Check:
        """Check what an address names; who tries many that name nothing has to wait."""
        self._limits.check_address(request, "certificate", GUESSING)
        name = request.match_info["id"]
        found = await self._store.run(lambda db: check(db, name))
        if found.state == "unknown":
            self._limits.count_address(request, "certificate", GUESSING)
        return found

    def _missing(self, request: web.Request) -> web.Response:
        locale = html.language(request, self._languages)
        words = self._languages[locale]
        page = html.rendered(
            "word.html",
            lang=locale,
            title=words.page_title,
            text=words.missing,
            home=words.home,
        )
        return html.answer(page, HEADERS, status=404)


def _json(told: object, cache: str = "public, max-age=300") -> web.Response:
    # Wallets and verifiers run in browsers, on other sites.
    headers = {"Cache-Control": cache, "Access-Control-Allow-Origin": "*"}
    return web.Response(text=json.dumps(told), content_type="application/json", headers=headers)
