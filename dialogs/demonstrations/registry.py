"""The one table of demonstrations, by the name that a lesson gives in `scene`."""

from collections.abc import Callable

from content.cached import cached_by_identity
from content.lesson import SceneName
from content.strings import Strings
from dialogs.demonstrations import batch_size, epochs, learning_rate, low_rank, retrieval
from dialogs.values.replies import Demonstration

SCENES: dict[SceneName, Callable[[Strings], Demonstration]] = {
    "learning-rate": learning_rate.demonstration,
    "batch-size": batch_size.demonstration,
    "epochs": epochs.demonstration,
    "low-rank": low_rank.demonstration,
    "retrieval": retrieval.demonstration,
}


@cached_by_identity(20)
def demonstration(name: SceneName, strings: Strings) -> Demonstration:
    """What the scene of this name shows, in these words."""
    return SCENES[name](strings)
