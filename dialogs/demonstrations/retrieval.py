"""Retrieval beside tuning: whether an answer comes from the weights or from documents."""

from content.strings import Strings
from dialogs.values.replies import Arrow, Box, Demonstration, Shape, Take

OLD, NEW = "9", "12"  # a price before and after it changes
CHANGED = 3  # the step


def demonstration(strings: Strings) -> Demonstration:
    """The way of a question about a price, which changes in the end."""
    words = strings.demonstrations
    tuned, found = words.lookup_tuned_steps, words.lookup_found_steps
    takes = (
        Take(words.lookup_tuned, tuned, _tuned(strings), words.lookup_tuned_told),
        Take(words.lookup_found, found, _found(strings), words.lookup_found_told),
    )
    return Demonstration(words.lookup_title, words.lookup_setting, takes)


def _boxes(strings: Strings) -> tuple[Shape, ...]:
    words = strings.demonstrations
    price = words.lookup_documents
    return (
        Box((0.0, 0.3), (0.26, 0.2), words.lookup_question),
        Box((0.37, 0.3), (0.26, 0.2), words.lookup_model),
        Box((0.37, 0.76), (0.26, 0.2), price.format(price=OLD), until=CHANGED),
        Box((0.37, 0.76), (0.26, 0.2), price.format(price=NEW), since=CHANGED),
    )


def _tuned(strings: Strings) -> tuple[Shape, ...]:
    answer = strings.demonstrations.lookup_answer.format(price=OLD)
    return (
        *_boxes(strings),
        Arrow(((0.26, 0.4), (0.37, 0.4)), since=1),
        Arrow(((0.63, 0.4), (0.74, 0.4)), since=2),
        Box((0.74, 0.3), (0.26, 0.2), answer, since=2),
    )


def _found(strings: Strings) -> tuple[Shape, ...]:
    answer = strings.demonstrations.lookup_answer
    return (
        *_boxes(strings),
        Arrow(((0.13, 0.5), (0.37, 0.86)), since=1),
        Arrow(((0.26, 0.4), (0.37, 0.4)), since=2),
        Arrow(((0.5, 0.76), (0.5, 0.5)), since=2),
        Arrow(((0.63, 0.4), (0.74, 0.4)), since=2),
        Box((0.74, 0.3), (0.26, 0.2), answer.format(price=OLD), since=2, until=CHANGED),
        Box((0.74, 0.3), (0.26, 0.2), answer.format(price=NEW), since=CHANGED),
    )
