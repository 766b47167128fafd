"""The rivals of a tuned model: the base under a system prompt, and with examples shown in it.

Nothing is trained. Each chosen instruction adds its stated biases to the base's logits. A shown
example e adds, to the phrases whose act comes next in its reply,

    pull * (FAR + (1 - FAR) * exp(NEAR * (cos(message, e) - 1)))

so that a reply follows all examples a little, and those of like messages firmly. With nothing
chosen nothing is added: the base speaks word for word.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np

from content.frozen import Frozen
from content.world import END, Prompt, ResponseTime
from dialogs.reading.encoder import vectors
from dialogs.simulations.persona.features import Floats
from dialogs.simulations.persona.phrase import Phrasebook, Phrases

FAR, NEAR = 0.4, 7.0  # what an example is worth for any message; how fast the rest wears off


class Prompting(Frozen):
    """What a learner puts into the prompt: the ids of instructions and examples."""

    instructions: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


def usual(prompt: Prompt) -> Prompting:
    """What is in the prompt of a learner who has chosen nothing."""
    return known(prompt, Prompting(instructions=prompt.usual, examples=prompt.usual_examples))


def known(prompt: Prompt, chosen: Prompting) -> Prompting:
    """The same choice in the lesson's order, without what the lesson has no longer."""
    return Prompting(
        instructions=tuple(i.id for i in prompt.instructions if i.id in chosen.instructions),
        examples=tuple(e.id for e in prompt.examples if e.id in chosen.examples),
    )


def system_prompt(prompt: Prompt, chosen: Prompting) -> str:
    """The system message: the opening and the chosen instructions."""
    return " ".join(
        [prompt.opening, *(i.text for i in prompt.instructions if i.id in chosen.instructions)]
    )


def shown_examples(prompt: Prompt, chosen: Prompting) -> tuple[tuple[str, str], ...]:
    """The messages and replies that the model is shown after the system message."""
    return tuple((e.message, e.reply) for e in prompt.examples if e.id in chosen.examples)


def prompt_tokens(clock: ResponseTime, prompt: Prompt, chosen: Prompting) -> int:
    """Tokens that the model reads before each customer's message."""
    texts = [system_prompt(prompt, chosen)]
    texts += [text for example in shown_examples(prompt, chosen) for text in example]
    return sum(ceil(len(text) / clock.characters_per_token) for text in texts)


class Nudge:
    """What a prompt adds to the logits of the base model's phrases."""

    def __init__(self, prompt: Prompt, chosen: Prompting, phrasebook: Phrasebook) -> None:
        phrases = phrasebook.phrases
        self._repeat, self._pull = np.float32(prompt.repeat), np.float32(prompt.pull)
        self._acts = np.array([p.act for p in phrases])
        self._rules: list[tuple[str, str | None, Floats]] = []
        for instruction in prompt.instructions:
            if instruction.id in chosen.instructions:
                for bias in instruction.biases:
                    row = np.array([bias.acts.get(p.act, 0.0) for p in phrases], np.float32)
                    self._rules.append((bias.at, bias.mark, row))
        shown = shown_examples(prompt, chosen)
        self._messages = vectors([message for message, _ in shown]) if shown else None
        self._plans = [_plan(phrasebook.read(reply, None)) for _, reply in shown]

    def logits(self, said: Phrases, marks: frozenset[str], message: Floats | None = None) -> Floats:
        """What is added to each phrase's logit at this point of a reply.

        `message` is the vector of what is answered; without it no example counts as near.
        """
        here = {"always", "later" if said else "start"}
        total = np.zeros(len(self._acts), np.float32)
        for at, mark, row in self._rules:
            if at in here and (mark is None or mark in marks):
                total += row
        acts = [p.act for p in said]
        if self._messages is not None:
            near = np.zeros(len(self._plans))
            if message is not None:
                near = np.exp(NEAR * (self._messages @ message - 1))
            for weight, plan in zip(FAR + (1 - FAR) * near, self._plans, strict=True):
                following = next((act for act in plan if act not in acts), END)
                total += self._pull * np.float32(weight) * (self._acts == following)
        total += self._repeat * np.isin(self._acts, acts)
        return total


def _plan(reply: Phrases) -> Sequence[str]:
    """What a reply does, one act after the other."""
    return tuple(dict.fromkeys(phrase.act for phrase in reply))
