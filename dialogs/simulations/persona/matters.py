"""What a world's messages may be about, as placing them needs it."""

from content.world import World
from dialogs.reading.placing import Matters


def matters_of(world: World) -> Matters:
    """The world's intents; their held-out sentences only fit the limits."""
    known = world.recognition
    return Matters(
        examples={name: intent.messages for name, intent in world.intents.items()},
        groups={name: intent.group for name, intent in world.intents.items()},
        elsewhere=known.elsewhere,
        unseen={n: (*i.validation, *i.customers) for n, i in world.intents.items()},
        yielding=frozenset(known.polite),
        abbreviations=known.abbreviations,
        joints=frozenset(known.joints),
        limits=known.limits,
    )
