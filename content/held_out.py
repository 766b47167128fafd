"""`held_out.yaml` beside a lesson: sentences by somebody who hasn't seen its examples.

Nothing is ever trained on them: `python -m content.check` tries how they are read.
"""

from typing import Annotated

from pydantic import Field

from content.frozen import Frozen

FILE = "held_out.yaml"

Words = Annotated[str, Field(min_length=1, max_length=600)]
Sentences = tuple[Words, ...]


class HeldOutAnswers(Frozen):
    """What people answer to a question: rightly, and not."""

    good: Sentences
    bad: Sentences


class HeldOut(Frozen):
    """Messages by their intent, those about none (`elsewhere`), and answers by their step."""

    messages: dict[str, Sentences] = {}
    elsewhere: Sentences = ()
    answers: dict[str, HeldOutAnswers] = {}
