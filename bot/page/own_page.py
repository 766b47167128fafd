"""Reads what the own page sends: its token, not the sender, says who it is."""

import re
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex

import orjson
from aiohttp import web
from botbuilder.schema import RoleTypes, TextFormatTypes

from bot.activity.address import Activity, Address, timestamp
from bot.activity.inbound import Inbound, KnownLearner
from bot.channels import parse
from bot.channels.parse import DIRECT_LINE
from bot.page.tokens import Pass
from bot.settings import Settings
from cards import Surface
from dialogs.values.events import Arrived

OWN_BOT = "tutor"
BOT, USER = RoleTypes.bot.value, RoleTypes.user.value
LONGEST_CLIENT_ID = 80
LONGEST_TEXT = 8_000  # characters of a message that are shown again
ECHOED = ("type", "value", "locale", "channelData")
LONGEST_ECHO = 4_000  # bytes of each of them that go into the history; honest ones are smaller
LARGEST_ECHO = 40_000  # bytes as stored: 8,000 characters of any script, and what goes with them
HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?", re.ASCII)


def origin(request: web.Request, settings: Settings) -> str:
    """The address at which the page was opened. Raises 400 for a host that no browser names."""
    if not HOST.fullmatch(request.host):
        raise web.HTTPBadRequest(text="the Host header is no host")
    return settings.public_url.rstrip("/") or f"{request.scheme}://{request.host}"


def arrival(page_pass: Pass, origin: str, body: Mapping[str, object]) -> Inbound:
    """The learner opened the page; `body` says what it can show."""
    shown = parse.surface({**body, "channelId": DIRECT_LINE, "channelData": body})
    arrived = Arrived(event=parse.event_name(body.get("event")))
    return Inbound(
        None,
        KnownLearner(page_pass.learner),
        _outlet(page_pass, origin, shown, None),
        arrived,
        session=page_pass.session,
    )


def message(page_pass: Pass, origin: str, body: Mapping[str, object], now: datetime) -> Inbound:
    """The learner wrote or pressed something."""
    shown = parse.surface({**body, "channelId": DIRECT_LINE})
    name = f"{page_pass.conversation}|in-{_client_id(body)}"
    outlet = _outlet(page_pass, origin, shown, name)
    echo: Activity = {
        **_echoed(body),
        "textFormat": TextFormatTypes.plain.value,  # a learner's words are never markup
        "id": name,
        "timestamp": timestamp(now),
        "channelId": DIRECT_LINE,
        "conversation": outlet.reference["conversation"],
        "from": outlet.reference["user"],
    }
    return Inbound(
        name,
        KnownLearner(page_pass.learner),
        outlet,
        parse.said(body, OWN_BOT),
        expects_replies=False,
        echo=echo,
        session=page_pass.session,
    )


def _outlet(page_pass: Pass, origin: str, surface: Surface, activity: str | None) -> Address:
    reference = {
        "serviceUrl": origin,
        "channelId": DIRECT_LINE,
        "conversation": {"id": page_pass.conversation},
        "bot": {"id": OWN_BOT, "name": OWN_BOT, "role": BOT},
        "user": {"id": page_pass.user, "role": USER},
        "origin": origin,
    }
    return Address(page_pass.name, reference, surface, activity)


def _echoed(body: Mapping[str, object]) -> Activity:
    """What the page gets back of its own activity: no more than an honest page sends."""
    echo = {n: body[n] for n in ECHOED if n in body and len(orjson.dumps(body[n])) <= LONGEST_ECHO}
    text = body.get("text")
    if not isinstance(text, str):
        return echo
    return {**echo, "text": text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} …"}


def _client_id(body: Mapping[str, object]) -> str:
    """The client's own id makes a repeated post known; without one each post is new."""
    data = body.get("channelData")
    given = data.get("clientActivityID") if isinstance(data, Mapping) else None
    if isinstance(given, str) and 0 < len(given) <= LONGEST_CLIENT_ID and given.isprintable():
        return given
    return token_hex(8)
