"""The rivals of a tuned model: the base under a system prompt, and with examples shown in it.

Nothing is trained. Each chosen instruction adds its stated biases to the base's logits. A shown
example e adds, to the phrases whose act comes next in its reply,

    pull * (FAR + (1 - FAR) / (1 + exp((NEAR - c) / SOFT))) * softmax(SHARP * cos(message, e))

where c is the cosine of the nearest example: examples are followed more firmly the nearer one is,
and those of messages more alike more than others. With nothing chosen nothing is added: the base
speaks word for word.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np

from content.frozen import Frozen
from content.world import END, Prompt, ResponseTime
from dialogs.reading.encoder import vectors
from dialogs.simulations.persona.features import Floats
from dialogs.simulations.persona.phrase import Phrasebook, Phrases

# What examples are worth for any message, the cosine of the nearest at which half of the rest is
# added, how softly, and how sharply a nearer one is preferred. Two messages of a shop's customers
# have a cosine of 0.15 mostly, of one matter 0.3 to 0.7.
FAR, NEAR, SOFT, SHARP = 0.45, 0.3, 0.05, 12.0


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
            cosines = np.zeros(len(self._plans)) if message is None else self._messages @ message
            shares = np.exp(SHARP * (cosines - cosines.max()))
            near = 1 / (1 + np.exp((NEAR - cosines.max()) / SOFT))
            shares *= (FAR + (1 - FAR) * near) / shares.sum()
            for share, plan in zip(shares, self._plans, strict=True):
                total += self._pull * np.float32(share) * (self._acts == _next(plan, acts))
        total += self._repeat * np.isin(self._acts, acts)
        return total


def _next(plan: Sequence[str], said: Sequence[str]) -> str:
    """What a reply like this does after what was said, which may have begun otherwise."""
    at = max(len(said), *(plan.index(act) + 1 for act in said if act in plan), 0)
    return plan[at] if at < len(plan) else END


def _plan(reply: Phrases) -> Sequence[str]:
    """What a reply does, one act after the other."""
    return tuple(dict.fromkeys(phrase.act for phrase in reply))
