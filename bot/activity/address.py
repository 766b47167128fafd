"""The address of a conversation, and the activities that go there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.activity.conversation_key import activity_id, channel_of
from cards import Surface

Activity = dict[str, Any]

TEAMS = "msteams"
LONGEST_NAME = 60  # characters of a name that are shown


@dataclass(frozen=True)
class Address:
    """A conversation: our name of it, its address in the channel's own words, what it shows.

    `reference` holds serviceUrl, channelId, conversation, bot, user; and origin, the address
    that the own page was opened at. `asked` is the activity that a turn replies to.
    """

    conversation: str
    reference: Mapping[str, object]
    surface: Surface
    asked: str | None = None

    @property
    def channel(self) -> str:
        """The channel's name."""
        return channel_of(self.conversation)

    @property
    def origin(self) -> str | None:
        """Where the own page was opened; None on other channels."""
        origin = self.reference.get("origin")
        return origin if isinstance(origin, str) else None

    @property
    def is_group(self) -> bool:
        """Whether several people read what is said there."""
        conversation = self.reference.get("conversation")
        return isinstance(conversation, Mapping) and is_group(conversation)

    @property
    def teams_id(self) -> str | None:
        """The id in Microsoft Entra of whom this is with in Teams; None elsewhere."""
        user = self.reference.get("user")
        if self.channel != TEAMS or not isinstance(user, Mapping):
            return None
        found = user.get("aadObjectId")
        return found.lower() if isinstance(found, str) else None

    @property
    def addressee(self) -> str:
        """The name of whom a card is for; empty where the channel tells none."""
        return called(self.reference.get("user"))

    @property
    def bot(self) -> str:
        """What the channel calls the tutor; empty where it tells no name."""
        return called(self.reference.get("bot"))

    def finished(
        self, card: Mapping[str, object], seq: int, now: datetime, locale: str
    ) -> Activity:
        """Give a drawn activity its address: from whom, to whom, in reply to what.

        `locale` is the language of its words.
        """
        reference = self.reference
        activity: Activity = {
            "type": "message",
            **card,
            "id": activity_id(self.conversation, seq),
            "timestamp": timestamp(now),
            "channelId": reference["channelId"],
            "serviceUrl": reference["serviceUrl"],
            "conversation": reference["conversation"],
            "from": reference["bot"],
            "recipient": reference["user"],
            "locale": locale,
        }
        if self.asked is not None:
            activity["replyToId"] = self.asked
        return activity


def is_group(conversation: Mapping[str, object]) -> bool:
    """Whether several people read what is written in a channel's conversation."""
    kinds = ("groupChat", "channel")
    return conversation.get("isGroup") is True or conversation.get("conversationType") in kinds


def called(account: object) -> str:
    """The name of a channel's account as words of a card, in which nothing is markup."""
    name = account.get("name") if isinstance(account, Mapping) else None
    if not isinstance(name, str):
        return ""
    # Signs that turn the direction of writing would turn the words around the name, too.
    told = "".join(one for one in name[:LONGEST_NAME] if one.isprintable() and one not in "*`")
    return told.strip()


def timestamp(now: datetime) -> str:
    """A time as activities give it."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=100)  # there are few: each kind of client has its own
def surface_doc(surface: Surface) -> str:
    """A surface as it is stored."""
    return json.dumps(
        {
            "elements": sorted(surface.elements),
            "cards": surface.cards,
            "updates": surface.updates,
            "figures": surface.figures,
            "suggests": surface.suggests,
            "locale": surface.locale,
            "zone": surface.zone,
        }
    )


@lru_cache(maxsize=100)
def stored_surface(doc: str) -> Surface:
    """The surface that `surface_doc` wrote down."""
    told = json.loads(doc)
    return Surface(
        elements=frozenset(told["elements"]),
        cards=told["cards"],
        updates=told["updates"],
        figures=told["figures"],
        suggests=told["suggests"],
        locale=told["locale"],
        zone=told.get("zone"),
    )
