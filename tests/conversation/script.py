"""Transcripts that read like chats."""

from collections.abc import Iterable

from cards.words import transcript
from dialogs.values.events import Arrived, Computed, Due, Edited, Event, Pressed, Reminder, Typed
from dialogs.values.replies import Message, Reply, Typing


def chat(happened: Iterable[Event | Reply]) -> str:
    """What was said and done, line by line."""
    lines: list[str] = []
    for one in happened:
        match one:
            case Typed(text=text):
                lines.append(_said("learner", text))
            case Pressed(do=do, texts=texts, picks=picks):
                inputs = {**{name: ",".join(ids) for name, ids in picks.items()}, **texts}
                told = " ".join(f"{k}={v}" for k, v in inputs.items())
                lines.append(_said("learner", f"[{do}] {told}".strip()))
            case Arrived():
                lines.append(_said("learner", "(arrives)"))
            case Computed(step=step):
                lines.append(_said("worker", f"(done for {step})"))
            case Due(name=name) | Reminder(name=name):
                lines.append(_said("clock", f"({name})"))
            case Edited():
                lines.append(_said("learner", "(changes a message)"))
            case Message(blocks=()):
                continue  # seen only where it replaces a card
            case Message() | Typing():
                lines.append(_said("tutor", transcript([one])))
    return "\n\n".join(lines) + "\n"


def _said(who: str, text: str) -> str:
    first, *rest = text.rstrip().splitlines() or [""]
    indented = "\n".join(f"         {line}" if line else "" for line in rest)
    return f"{who:8} {first}" + (f"\n{indented}" if rest else "")
