"""A turn: what one event gives."""

from dataclasses import dataclass, replace
from datetime import datetime

from content.loader import ORIGINAL
from dialogs.simulations.computation import Recipe
from dialogs.values.errands import Errand
from dialogs.values.events import Timed
from dialogs.values.facts import Fact
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Message, Reply


@dataclass(frozen=True)
class At:
    """`event` shall come back at `time`. One for each key; a newer one replaces it."""

    key: str
    time: datetime
    event: Timed


@dataclass(frozen=True)
class Compute:
    """A worker shall cook the recipe; its result comes back as `Computed` for the step.

    `key` is the digest of the recipe (`recipe_key`): the same recipe is cooked once.
    """

    key: str
    recipe: Recipe
    lesson: str
    run: int
    step: str


@dataclass(frozen=True)
class Discard:
    """What was computed by this key isn't needed by the learner any more: it goes."""

    key: str


Later = At | Compute | Discard


@dataclass(frozen=True)
class Turn:
    """What `advance` gives: the new progress, what is said, what happened, what comes later."""

    progress: Progress
    replies: tuple[Reply, ...]
    facts: tuple[Fact, ...] = ()
    later: tuple[Later, ...] = ()


@dataclass(frozen=True)
class LearnerTurn:
    """What `converse` gives: the same for the learner as a whole.

    `locale` is the language of the replies' words. With an `errand` nothing is said yet: what
    came of it is answered.
    """

    learner: Learner
    replies: tuple[Reply, ...]
    facts: tuple[Fact, ...] = ()
    later: tuple[Later, ...] = ()
    locale: str = ORIGINAL
    errand: Errand | None = None

    @property
    def puts_step(self) -> bool:
        """Whether the learner is shown the step that they are at."""
        return any(isinstance(reply, Message) and reply.puts for reply in self.replies)

    def shown_in(self, conversation: str) -> "LearnerTurn":
        """The same, and it is known where the step was shown: what is typed is meant for it."""
        before = self.learner
        attending = before.attending
        if before.shown_in == conversation and not (attending and attending.is_asked):
            return self
        attending = attending and replace(attending, is_asked=False)
        after = replace(before, shown_in=conversation, attending=attending)
        return replace(self, learner=after)
