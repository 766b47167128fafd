"""The one place that narrows the wire's activities to what we know of them."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.outlet import OWN_PAGE, Activity, Outlet, is_group
from cards import Surface, press
from dialogs.events import Arrived, Edited, Event, Typed

# Custom elements that our own page may say it shows; others are not ours to send.
ELEMENTS = frozenset(
    f"Tutor.{name}"
    for name in (
        "Pick",
        "Order",
        "Jsonl",
        "Frames",
        "Curves",
        "Terms",
        "Progress",
        "Table",
        "Sides",
    )
)
# Channels that show no Adaptive Card, or a picture of one that nobody can press.
TEXT_ONLY = frozenset(
    ("alexa", "email", "facebook", "groupme", "kik", "line", "skype", "slack", "sms", "telegram")
)
DIRECT_LINE = "directline"
TEAMS = "msteams"
LONGEST_TEXT = 8_000  # characters of a message that are read
LONGEST_ID = 200
LONGEST_EVENT = 60  # characters of an event's name
JOIN = "webchat/join"  # what pages with Web Chat send, by convention, when they are ready


class MalformedError(Exception):
    """The body is no activity that can be answered; the text says what is wrong with it."""


@dataclass(frozen=True)
class Party:
    """Who wrote, on which channel: what an identity is made of."""

    channel: str
    tenant: str
    external: str


@dataclass(frozen=True)
class Known:
    """A learner whom a token of ours named."""

    learner: str


@dataclass(frozen=True)
class Inbound:
    """An activity as far as the tutor is concerned; `event` is None for what needs no answer.

    `echo` is the learner's own activity where the client gets it back in its history. `card`
    is the message whose card was pressed, where the answer replaces it. `leaves`: the tutor was
    taken out of the conversation.
    """

    id: str | None
    who: Party | Known
    outlet: Outlet
    event: Event | None
    expects_replies: bool = False
    echo: Activity | None = None
    card: str | None = None
    leaves: bool = False

    @property
    def conversation(self) -> str:
        """Our name of the conversation."""
        return self.outlet.conversation


def inbound(body: Mapping[str, object]) -> Inbound:
    """Narrow a channel's activity. Raises MalformedError with what is wrong."""
    kind = _text(body, "type", longest=80)
    channel = _text(body, "channelId", longest=40)
    if channel == OWN_PAGE:
        msg = f"channelId {OWN_PAGE} is the own page's"
        raise MalformedError(msg)
    conversation, sender, bot = (
        _map(body, "conversation"),
        _map(body, "from"),
        _map(body, "recipient"),
    )
    name = _text(conversation, "id", longest=250, of="conversation.id")
    external = _text(sender, "id", longest=LONGEST_ID, of="from.id")
    name_given = body.get("id") not in (None, "")
    given = _text(body, "id", longest=LONGEST_ID) if name_given else None
    # In a group each learner has an address, so that their turns and cards are their own.
    address = f"{channel}|{name}|{external}" if is_group(conversation) else f"{channel}|{name}"
    reference = {
        "serviceUrl": _address(body, "serviceUrl"),
        "channelId": channel,
        "conversation": dict(conversation),
        "bot": dict(bot),
        "user": dict(sender),
    }
    event = _event(kind, body, str(bot.get("id", "")))
    if kind == "conversationUpdate" and event:
        external = _newcomer(body, str(bot.get("id", ""))) or external
        reference["user"] = (
            {**sender, "id": external} if external == sender["id"] else {"id": external}
        )
    return Inbound(
        id=_claimed(body, given),
        who=Party(channel, _tenant(conversation), external),
        outlet=Outlet(address, reference, surface(body), given),
        event=event,
        expects_replies=body.get("deliveryMode") == "expectReplies",
        card=_pressed_card(body),
        leaves=_leaves(body, str(bot.get("id", ""))),
    )


def _claimed(body: Mapping[str, object], given: str | None) -> str | None:
    """A changed message has the id of the first one: the time tells them apart."""
    if given is None or body.get("type") != "messageUpdate":
        return given
    return f"{given} {str(body.get('timestamp'))[:40]}"


def _pressed_card(body: Mapping[str, object]) -> str | None:
    card = body.get("replyToId")
    return str(card) if is_invoke(body) and _is_name(card, LONGEST_ID) else None


def _leaves(body: Mapping[str, object], bot: str) -> bool:
    match body.get("type"):
        case "conversationUpdate":
            removed = body.get("membersRemoved")
            members = removed if isinstance(removed, list) else []
            return any(isinstance(m, Mapping) and m.get("id") == bot for m in members)
        case "installationUpdate":
            return body.get("action") in ("remove", "remove-upgrade")
        case _:
            return False


def surface(body: Mapping[str, object]) -> Surface:
    """What the client can show. Our own page names its elements in its activities."""
    locale, channel = body.get("locale"), body.get("channelId")
    found = _optional(body, "channelData").get("elements")
    if channel != DIRECT_LINE or not isinstance(found, list):
        found = []
    known = frozenset(e for e in found if isinstance(e, str)) & ELEMENTS
    is_locale = isinstance(locale, str) and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", locale)
    return Surface(
        elements=known,
        cards=channel not in TEXT_ONLY,
        updates=channel == TEAMS,
        figures=channel == TEAMS,
        suggests=channel != TEAMS,
        locale=str(locale)[:20] if is_locale else "en",
    )


def said(body: Mapping[str, object], bot: str) -> Event:
    """A message: a press of a button of ours, or what was written."""
    value, text = body.get("value"), body.get("text")
    pressed = press.parse(value) if isinstance(value, Mapping) else None
    written = text[:LONGEST_TEXT] if isinstance(text, str) else ""
    return pressed or Typed(text=without_mention(written, body, bot).strip())


def without_mention(text: str, body: Mapping[str, object], bot: str) -> str:
    """Strip the mentions of the bot that a group chat puts into the text."""
    entities = body.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, Mapping) or entity.get("type") != "mention":
            continue
        name = entity.get("text")
        if _optional(entity, "mentioned").get("id") == bot and isinstance(name, str):
            text = text.replace(name, " ")
    if re.search(r"</?at>|&\w+;", text):
        text = html.unescape(re.sub(r"<at>[^<]*</at>", " ", text))
    return text


def event_name(value: object) -> str | None:
    """The name of an event that a page gives; None where it is no short, printable text."""
    name = " ".join(value.split()) if isinstance(value, str) else ""
    return name if _is_name(name, LONGEST_EVENT) else None


def is_invoke(body: Mapping[str, object]) -> bool:
    """Whether the sender waits for an answer in the response's body."""
    return body.get("type") == "invoke"


def _event(kind: str, body: Mapping[str, object], bot: str) -> Event | None:
    match kind:
        case "conversationUpdate":
            return Arrived() if _newcomer(body, bot) else None
        case "installationUpdate":
            return Arrived() if body.get("action") in ("add", "add-upgrade") else None
        case "message":
            return said(body, bot)
        case "event" if body.get("name") == JOIN:
            return Arrived(event=event_name(_optional(body, "value").get("event")))
        case "messageUpdate" if _optional(body, "channelData").get("eventType") == "editMessage":
            return Edited()
        case "invoke" if body.get("name") == "adaptiveCard/action":
            action = _optional(_optional(body, "value"), "action")
            return press.parse(_optional(action, "data"))
        case _:
            return None


def _newcomer(body: Mapping[str, object], bot: str) -> str | None:
    """The learner whom a conversation got; in a group nobody is greeted for being there."""
    if is_group(_optional(body, "conversation")):
        return None
    added = body.get("membersAdded")
    members = added if isinstance(added, list) else []
    ids = [m.get("id") for m in members if isinstance(m, Mapping)]
    return next((str(i) for i in ids if _is_name(i, LONGEST_ID) and i != bot), None)


def _is_name(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()


def _text(body: Mapping[str, object], name: str, *, longest: int, of: str | None = None) -> str:
    value = body.get(name)
    if not _is_name(value, longest):
        msg = f"{of or name} must be a text of 1 to {longest} printable characters"
        raise MalformedError(msg)
    return str(value)


def _tenant(conversation: Mapping[str, object]) -> str:
    if conversation.get("tenantId") in (None, ""):
        return ""
    return _text(conversation, "tenantId", longest=80, of="conversation.tenantId")


def _address(body: Mapping[str, object], name: str) -> str:
    value = _text(body, name, longest=1000)
    try:
        parts = urlsplit(value)
        is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and is_plain
    except ValueError:
        fits = False
    if not fits:
        msg = f"{name} must be a plain address that begins with https:// or http://"
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
