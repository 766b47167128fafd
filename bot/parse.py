"""The one place that narrows the wire's activities to what we know of them."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cards import Surface, press
from dialogs.events import Arrived, Event, Typed

# Custom elements that our own page may say it shows; others are not ours to send.
ELEMENTS = frozenset(
    f"Tutor.{name}" for name in ("Pick", "Order", "Jsonl", "Frames", "Curves", "Terms", "Progress")
)
LONGEST_TEXT = 8_000  # characters of a message that are read
OWN_PAGE = "directline"
OWN_BOT = "tutor"


class MalformedError(Exception):
    """The body is no activity that can be answered; the text says what is wrong with it."""


@dataclass(frozen=True)
class Party:
    """Who wrote, on which channel: what an identity is made of."""

    channel: str
    tenant: str
    external: str


@dataclass(frozen=True)
class Inbound:
    """An activity as far as the tutor is concerned.

    `event` is None for what needs no answer. `learner` is known where a token of ours
    said who it is; else the party tells.
    """

    id: str | None
    party: Party
    conversation: str
    reference: Mapping[str, object]
    surface: Surface
    event: Event | None
    expects_replies: bool
    is_invoke: bool
    learner: str | None = None


def _text(body: Mapping[str, object], name: str, *, longest: int = 400) -> str:
    value = body.get(name.rpartition(".")[2])
    # PostgreSQL keeps no zero character.
    if not isinstance(value, str) or not value or len(value) > longest or "\0" in value:
        msg = f"{name} must be a text of 1 to {longest} characters"
        raise MalformedError(msg)
    return value


def _address(body: Mapping[str, object], name: str) -> str:
    value = _text(body, name, longest=1000)
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        msg = f"{name} must be an address that begins with https:// or http://"
        raise MalformedError(msg)
    return value


def _map(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    if not isinstance(value, Mapping):
        msg = f"{name} must be an object"
        raise MalformedError(msg)
    return value


def _optional(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def inbound(body: object) -> Inbound:
    """Narrow an activity. Raises MalformedError with what is wrong."""
    if not isinstance(body, Mapping):
        msg = "the body must be a JSON object"
        raise MalformedError(msg)
    kind = _text(body, "type", longest=80)
    channel = _text(body, "channelId", longest=40)
    conversation = _map(body, "conversation")
    conversation_id = _text(conversation, "conversation.id", longest=250)
    sender, bot = _map(body, "from"), _map(body, "recipient")
    external = _text(sender, "from.id", longest=200)
    service = _address(body, "serviceUrl")
    given = body.get("id")
    has_tenant = conversation.get("tenantId") not in (None, "")
    tenant = _text(conversation, "conversation.tenantId", longest=80) if has_tenant else ""
    reference = {
        "serviceUrl": service,
        "channelId": channel,
        "conversation": dict(conversation),
        "bot": dict(bot),
        "user": dict(sender),
    }
    return Inbound(
        id=_text(body, "id", longest=200) if given not in (None, "") else None,
        party=Party(channel, tenant, external),
        conversation=f"{channel}|{conversation_id}",
        reference=reference,
        surface=surface(body),
        event=_event(kind, body, str(bot.get("id", ""))),
        expects_replies=body.get("deliveryMode") == "expectReplies",
        is_invoke=kind == "invoke",
    )


def surface(body: Mapping[str, object]) -> Surface:
    """What the client can show. Our own page names its elements in its activities."""
    locale = body.get("locale")
    found = _optional(body, "channelData").get("elements")
    if body.get("channelId") != OWN_PAGE or not isinstance(found, list):
        found = []
    known = frozenset(e for e in found if isinstance(e, str)) & ELEMENTS
    is_locale = isinstance(locale, str) and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", locale)
    return Surface(elements=known, locale=str(locale)[:20] if is_locale else "en")


def _event(kind: str, body: Mapping[str, object], bot: str) -> Event | None:
    match kind:
        case "conversationUpdate":
            return Arrived() if _adds_somebody(body, bot) else None
        case "installationUpdate":
            return Arrived() if body.get("action") in ("add", "add-upgrade") else None
        case "message":
            value = body.get("value")
            if isinstance(value, Mapping):
                return press.parse(value)
            return _typed(body, bot)
        case "invoke":
            action = _optional(_optional(body, "value"), "action")
            return press.parse(_optional(action, "data"))
        case _:
            return None


def _adds_somebody(body: Mapping[str, object], bot: str) -> bool:
    added = body.get("membersAdded")
    members = added if isinstance(added, list) else []
    return any(isinstance(m, Mapping) and m.get("id") not in (None, bot) for m in members)


def _typed(body: Mapping[str, object], bot: str) -> Typed | None:
    text = body.get("text")
    if not isinstance(text, str):
        return None
    return Typed(text=without_mention(text[:LONGEST_TEXT], body, bot).strip())


def without_mention(text: str, body: Mapping[str, object], bot: str) -> str:
    """Strip the mentions of the bot that a group chat puts into the text."""
    entities = body.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, Mapping) or entity.get("type") != "mention":
            continue
        said = entity.get("text")
        if _optional(entity, "mentioned").get("id") == bot and isinstance(said, str):
            text = text.replace(said, " ")
    if re.search(r"</?at>|&\w+;", text):
        text = html.unescape(re.sub(r"<at>[^<]*</at>", " ", text))
    return text
