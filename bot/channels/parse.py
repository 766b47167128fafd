"""The one place that narrows the wire's activities to what we know of them.

The SDK names what is on the wire. Its models aren't used: reading an activity into one takes
longer than the rest of a turn's way in, and drops what it doesn't know.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from botbuilder.schema import (
    ActivityTypes,
    DeliveryModes,
    InstallationUpdateActionTypes,
    TextFormatTypes,
)
from botframework.connector import Channels

from bot.activity.address import Address, called, is_group
from bot.activity.conversation_key import OWN_PAGE, ConversationKey
from bot.activity.inbound import Inbound, Party
from bot.errors import RequestError
from cards import Surface, press
from dialogs.values.events import (
    Arrived,
    Called,
    Edited,
    Event,
    Installed,
    Typed,
    Wordless,
)

# Custom elements that our own page may say it shows; others are not ours to send.
ELEMENTS = frozenset(
    f"Tutor.{name}"
    for name in (
        "Pick",
        "Order",
        "Jsonl",
        "File",
        "Frames",
        "Demonstration",
        "Curves",
        "Bars",
        "Job",
        "Terms",
        "Screen",
        "Table",
        "Sides",
        "Scores",
        "Step",
        "Panels",
    )
)
# Channels that show no Adaptive Card, or a picture of one that nobody can press.
_TEXT_ONLY = (
    Channels.email,
    Channels.facebook,
    Channels.groupme,
    Channels.kik,
    Channels.line,
    Channels.skype,
    Channels.slack,
    Channels.sms,
    Channels.telegram,
)
TEXT_ONLY = frozenset(("alexa", *(channel.value for channel in _TEXT_ONLY)))
DIRECT_LINE = Channels.direct_line.value
TEAMS = Channels.ms_teams.value
# Clients that draw suggested actions below text alone: Teams, and the Agents Playground, which
# says that it is an emulator.
NO_SUGGESTIONS = (TEAMS, Channels.emulator.value)
# The SDK has no words for an update of the app, which Teams tells as a removal and an addition.
ADDED = (InstallationUpdateActionTypes.add.value, "add-upgrade")
INSTALLING = (ActivityTypes.conversation_update, ActivityTypes.installation_update)
# Microsoft's link to a chat with a bot alone.
PERSONAL_CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:{app_id}"
REMOVED = (InstallationUpdateActionTypes.remove.value, "remove-upgrade")
HTML = "text/html"  # of the attachment in which Teams repeats a message as it was formatted
MOST_MENTIONS = 20  # that are looked for; nobody mentions as many
LONGEST_ID = 200
LONGEST_KEY = 500  # characters of our own name of a conversation
LONGEST_EVENT = 60  # characters of an event's name
JOIN = "webchat/join"  # what pages with Web Chat send, by convention, when they are ready


class MalformedError(RequestError):
    """The body is no activity that can be answered; the text says what is wrong with it."""


def inbound(body: Mapping[str, object], app_id: str = "") -> Inbound:
    """Narrow a channel's activity; `app_id` is ours there. Raises MalformedError."""
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
    has_id = body.get("id") not in (None, "")
    activity_id = _text(body, "id", longest=LONGEST_ID) if has_id else None
    event = _event(kind, body, bot, app_id)
    # In a group each learner has an address, so that their turns and cards are their own. What
    # is said to all of them has one, too, which is nobody's.
    is_ones_own = is_group(conversation) and not isinstance(event, Installed)
    key = ConversationKey(channel, name, external if is_ones_own else None)
    address = str(key)
    if len(address) > LONGEST_KEY:
        raise MalformedError("conversation.id has too many unusual characters")
    reference = {
        "serviceUrl": _address(body, "serviceUrl"),
        "channelId": channel,
        "conversation": dict(conversation),
        "bot": dict(bot),
        "user": dict(sender),
    }
    if isinstance(event, Installed):
        reference["user"] = {"id": external}
    elif kind == ActivityTypes.conversation_update and event:
        external = _newcomer(body, str(bot.get("id", ""))) or external
        reference["user"] = (
            {**sender, "id": external} if external == sender["id"] else {"id": external}
        )
    return Inbound(
        id=_claimed(body, activity_id),
        who=Party(channel, _tenant(body, conversation), external),
        outlet=Address(address, reference, surface(body), activity_id),
        event=event,
        expects_replies=body.get("deliveryMode") == DeliveryModes.expect_replies,
        card=_pressed_card(body),
        standing=press.of_standing(_pressed_data(body)),
        leaves=_leaves(body, str(bot.get("id", ""))),
    )


def _claimed(body: Mapping[str, object], activity_id: str | None) -> str | None:
    """A changed message has the id of the first one: the time tells them apart."""
    if activity_id is None or body.get("type") != ActivityTypes.message_update:
        return activity_id
    time = str(body.get("timestamp"))
    return sha256(f"{activity_id} {time}".encode()).hexdigest()


def _pressed_card(body: Mapping[str, object]) -> str | None:
    card = body.get("replyToId")
    return str(card) if is_invoke(body) and _is_name(card, LONGEST_ID) else None


def _pressed_data(body: Mapping[str, object]) -> Mapping[str, object]:
    return _optional(_optional(_optional(body, "value"), "action"), "data")


def _leaves(body: Mapping[str, object], bot: str) -> bool:
    match body.get("type"):
        case ActivityTypes.conversation_update:
            removed = body.get("membersRemoved")
            members = removed if isinstance(removed, list) else []
            return any(isinstance(m, Mapping) and m.get("id") == bot for m in members)
        case ActivityTypes.installation_update:
            return body.get("action") in REMOVED
        case _:
            return False


def surface(body: Mapping[str, object]) -> Surface:
    """What the client can show. Our own page names its elements in its activities."""
    locale, channel = body.get("locale"), body.get("channelId")
    names = _optional(body, "channelData").get("elements")
    if channel != DIRECT_LINE or not isinstance(names, list):
        names = []
    elements = frozenset(e for e in names if isinstance(e, str)) & ELEMENTS
    is_locale = isinstance(locale, str) and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", locale)
    return Surface(
        elements=elements,
        cards=channel not in TEXT_ONLY,
        updates=channel == TEAMS,
        figures=channel == TEAMS,
        suggests=channel not in NO_SUGGESTIONS,
        locale=str(locale)[:20] if is_locale else "en",
        zone=_zone(body.get("localTimezone")),
    )


def _zone(name: object) -> str | None:
    """A time zone that there is; Teams and Web Chat name it in each activity."""
    return name if isinstance(name, str) and name in _zones() else None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def said(body: Mapping[str, object], bot: str) -> Event:
    """A message: a press of a button of ours, what was written, or what holds no words."""
    value, text = body.get("value"), body.get("text")
    pressed = press.parse(value) if isinstance(value, Mapping) else None
    if pressed:
        return pressed
    written = text if isinstance(text, str) else ""
    words = without_mention(written, body, bot).strip()
    if words:
        return Typed(text=words)
    return Called() if isinstance(value, Mapping) or (written and not _shows(body)) else Wordless()


def without_mention(text: str, body: Mapping[str, object], bot: str) -> str:
    """What was written, without mentions of the bot; of others only within it, by their names.

    Nothing is a mention but what an entity speaks of, and nothing is unescaped but what the
    channel escaped.
    """
    ours: Counter[str] = Counter()
    names: dict[bool, list[str]] = {True: [], False: []}
    for mentioned, name in islice(_mentions(body), MOST_MENTIONS):
        ours[name] += mentioned == bot
        names[mentioned == bot].append(_name(name))
    for name, count in ours.items():
        text = text.replace(name, " ", count)

    def shown(found: re.Match[str]) -> str:
        # One mention may come in parts: <at>Fine-Tuning</at> <at>Tutor</at>.
        part = _name(found[0])
        if any(part in name for name in names[True]):
            return " "
        return f"\0{part}\0" if any(part in name for name in names[False]) else found[0]

    if names[True] or names[False]:
        text = _AT.sub(shown, text)
        # Who is addressed beside the bot is no word of an answer.
        text = re.sub(r"^\s*(\0[^\0]*\0\s*)+|\s*(\0[^\0]*\0\s*)+$", " ", text).replace("\0", "")
    if body.get("channelId") != TEAMS or "&" not in text:
        return text
    return html.unescape(text) if _is_escaped(text, body) else text.replace("&nbsp;", " ")


_AT = re.compile(r"<at(?:\s[^<>]*)?>[^<]*</at>")


def _mentions(body: Mapping[str, object]) -> Iterator[tuple[object, str]]:
    """Who is mentioned, and by which words of the text."""
    for entity in _listed(body, "entities"):
        name = entity.get("text")
        # An empty name would be found between all letters.
        if entity.get("type") == "mention" and name and isinstance(name, str):
            yield _optional(entity, "mentioned").get("id"), name


def _name(mention: str) -> str:
    """The name in a mention."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", mention)).split())


def _is_escaped(text: str, body: Mapping[str, object]) -> bool:
    """Whether Teams wrote the text as HTML: as its second form, which always is HTML, shows."""
    if body.get("textFormat") == TextFormatTypes.xml:
        return True
    formatted = [str(a.get("content")) for a in _listed(body, "attachments") if _is_html(a)]
    # What stands there escaped once more is just what the learner wrote.
    twice = {name for one in formatted for name in re.findall(r"&amp;(#?\w+;)", one)}
    return bool(formatted) and twice.isdisjoint(re.findall(r"&(#?\w+;)", text))


def _is_html(attachment: Mapping[str, object]) -> bool:
    return attachment.get("contentType") == HTML


def _shows(body: Mapping[str, object]) -> bool:
    """Whether there is a picture or a file beside the text."""
    attached = _listed(body, "attachments")
    return any(not _is_html(a) or "<img" in str(a.get("content")) for a in attached)


def event_name(value: object) -> str | None:
    """The name of an event that a page gives; None where it is no short, printable text."""
    name = " ".join(value.split()) if isinstance(value, str) else ""
    return name if _is_name(name, LONGEST_EVENT) else None


def is_invoke(body: Mapping[str, object]) -> bool:
    """Whether the sender waits for an answer in the response's body."""
    return body.get("type") == ActivityTypes.invoke


def _event(
    kind: str, body: Mapping[str, object], account: Mapping[str, object], app_id: str
) -> Event | None:
    bot = str(account.get("id", ""))
    if is_group(_optional(body, "conversation")) and kind in INSTALLING:
        return _installed(body, account, app_id) if _is_added(kind, body, bot) else None
    match kind:
        case ActivityTypes.conversation_update:
            return Arrived() if _newcomer(body, bot) else None
        case ActivityTypes.installation_update:
            return Arrived() if body.get("action") in ADDED else None
        case ActivityTypes.message:
            return said(body, bot)
        case ActivityTypes.event if body.get("name") == JOIN:
            return Arrived(event=event_name(_optional(body, "value").get("event")))
        case ActivityTypes.message_update if _is_edit(body):
            return Edited()
        case ActivityTypes.invoke if body.get("name") == "adaptiveCard/action":
            return press.parse(_pressed_data(body))
        case _:
            return None


def _is_added(kind: str, body: Mapping[str, object], bot: str) -> bool:
    """Whether the tutor itself is new in a conversation of several people."""
    if kind == ActivityTypes.installation_update:
        return body.get("action") == InstallationUpdateActionTypes.add
    return bot in [member.get("id") for member in _listed(body, "membersAdded")]


def _installed(body: Mapping[str, object], account: Mapping[str, object], app_id: str) -> Installed:
    is_teams = body.get("channelId") == TEAMS
    chat = PERSONAL_CHAT.format(app_id=app_id) if is_teams and app_id else None
    return Installed(name=called(account), personal_chat=chat)


def _is_edit(body: Mapping[str, object]) -> bool:
    """Whether words were changed: Teams updates a message that was undeleted, too."""
    return _optional(body, "channelData").get("eventType") == "editMessage"


def _newcomer(body: Mapping[str, object], bot: str) -> str | None:
    """The learner whom a conversation of two got."""
    added = body.get("membersAdded")
    members = added if isinstance(added, list) else []
    ids = [m.get("id") for m in members if isinstance(m, Mapping)]
    return next((str(i) for i in ids if _is_name(i, LONGEST_ID) and i != bot), None)


def _is_name(value: object, longest: int) -> bool:
    """Whether it can be a key and a part of an address: dots alone would lead elsewhere."""
    if not isinstance(value, str) or value in (".", ".."):
        return False
    return 0 < len(value) <= longest and value.isprintable()


def _text(body: Mapping[str, object], name: str, *, longest: int, of: str | None = None) -> str:
    value = body.get(name)
    if not _is_name(value, longest):
        msg = f"{of or name} must be a text of 1 to {longest} printable characters"
        raise MalformedError(msg)
    return str(value)


def _tenant(body: Mapping[str, object], conversation: Mapping[str, object]) -> str:
    """The organization, which Teams names in the conversation, beside it, or in both places."""
    beside = _optional(_optional(body, "channelData"), "tenant")
    for place, name in ((conversation, "tenantId"), (beside, "id")):
        if place.get(name) not in (None, ""):
            return _text(place, name, longest=80, of="the tenant")
    return ""


def _address(body: Mapping[str, object], name: str) -> str:
    value = _text(body, name, longest=1000)
    if not _is_plain(value):
        msg = f"{name} must be a plain address that begins with https:// or http://"
        raise MalformedError(msg)
    return value


@lru_cache(maxsize=200)  # a channel has few
def _is_plain(value: str) -> bool:
    """Whether it is an address with nothing in it but where to go."""
    try:
        parts = urlsplit(value)
        is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
        is_ours = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_plain and is_ours


def _map(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    if not isinstance(value, Mapping):
        msg = f"{name} must be an object"
        raise MalformedError(msg)
    return value


def _optional(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _listed(body: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = body.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
