"""Our own name of a conversation, by which it is stored: the one place that joins and splits it."""

from dataclasses import dataclass

OWN_PAGE = "page"  # no channel of the Bot Framework has this name
_BETWEEN = "|"


@dataclass(frozen=True)
class ConversationKey:
    """A channel's conversation; in a group with the user, since each of them has their own there.

    `str` gives the text that is stored, in which no part can look like several.
    """

    channel: str
    conversation: str
    user: str | None = None

    @classmethod
    def read(cls, text: str) -> "ConversationKey":
        """What `str` gave."""
        channel, conversation, *users = map(_unescaped, text.split(_BETWEEN))
        return cls(channel, conversation, *users)

    def __str__(self) -> str:
        parts = (self.channel, self.conversation, self.user)
        return _BETWEEN.join(_escaped(part) for part in parts if part is not None)

    @property
    def before_users(self) -> str:
        """How the texts of all users in this conversation begin."""
        return f"{ConversationKey(self.channel, self.conversation)}{_BETWEEN}"


def channel_of(key: str) -> str:
    """The channel of a stored key."""
    return _unescaped(key.partition(_BETWEEN)[0])


def is_own_page(key: str) -> bool:
    """Whether a conversation is on the own page, which fetches its replies."""
    return channel_of(key) == OWN_PAGE


def activity_id(key: str, seq: int) -> str:
    """The id of an activity of ours at a place in its conversation."""
    return f"{key}{_BETWEEN}{seq:07d}"


def number(activity_id: str) -> int:
    """The place in its conversation that an activity of ours has."""
    return int(activity_id.rpartition(_BETWEEN)[2])


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace(_BETWEEN, "%7C")


def _unescaped(part: str) -> str:
    return part.replace("%7C", _BETWEEN).replace("%25", "%")
