"""The bench of the exercise on preferences: ranked pairs or a grader's rules become a persona."""

from collections.abc import Mapping

import numpy as np

from content.preferences import BETAS, Customer, PreferencesContent, Slot
from dialogs.simulations.experiment import Bench, Case, Line, Passage, Tried, Values, one
from dialogs.simulations.preferences.grader import Grader
from dialogs.simulations.preferences.policy import Floats, Policy

DRAWN = 40  # points of a curve
GOOD = 70  # points of 100 from which a careful person is content


class PreferenceBench(Bench):
    """Replies in pieces, and a policy over them."""

    def __init__(self, content: PreferencesContent) -> None:
        super().__init__(content)
        self._content = content.bench

    def run(self, experiment: str, values: Values, seed: int) -> Tried:
        """Train the policy one way or the other. Nothing is drawn, so `seed` changes nothing."""
        del seed
        if experiment == "pairs":
            return self._by_pairs(values)
        return self._by_reward(values)

    def _by_pairs(self, values: Values) -> Tried:
        policy, ranked = Policy(self._content), []
        before = policy.chances()
        for pair in self._content.pairs:
            a, b = policy.place(pair.a), policy.place(pair.b)
            match one(values, pair.id):
                case "a":
                    ranked.append((a, b))
                case "b":
                    ranked.append((b, a))
        policy.prefer(ranked, BETAS[one(values, "beta")])
        cases = tuple(self._case(policy, before, c, None) for c in self._content.held_out)
        return Tried(self._persona(policy), cases)

    def _by_reward(self, values: Values) -> Tried:
        policy, words = Policy(self._content), self._content.words
        grader = Grader(words, values["rules"])
        before, kind = policy.chances(), self._worths(policy)
        rewards = np.mean(
            [
                [grader.reward(reply.text(customer), customer) for reply in policy.replies]
                for customer in self._content.customers
            ],
            axis=0,
        )
        # As a share of what the best and the worst reply get: rewards of other rules compare.
        low, high = rewards.min(), rewards.max()
        shares = (rewards - low) / (high - low) if high > low else np.zeros_like(rewards)
        steps = int(one(values, "steps"))
        course = [(0, before @ shares, before @ kind)]
        for at, _ in enumerate(policy.pursue(shares, steps), 1):
            chances = policy.chances()
            course.append((at, chances @ shares, chances @ kind))
        figures = self._persona(policy) | {
            "reward": float(policy.chances() @ shares),
            "reward-before": float(before @ shares),
            "quality-before": float(before @ kind),
        }
        # Some forty points draw a curve as well as hundreds.
        course = course[:: max(steps // DRAWN, 1)]
        lines = (
            Line(name=words.reward, points=tuple((float(x), float(y)) for x, y, _ in course)),
            Line(name=words.quality, points=tuple((float(x), float(y)) for x, _, y in course)),
        )
        cases = tuple(self._case(policy, before, c, grader) for c in self._content.held_out)
        return Tried(figures, cases, lines)

    def _worths(self, policy: Policy) -> Floats:
        return np.array([reply.worth / 100 for reply in policy.replies])

    def _persona(self, policy: Policy) -> dict[str, float]:
        """What replies to held-out customers are like, each weighed by its probability."""
        chances = policy.chances()

        def share(slot: Slot, *names: str) -> float:
            return float(chances @ np.array([reply.has(slot, *names) for reply in policy.replies]))

        lengths = [
            np.mean([len(reply.text(c).split()) for c in self._content.held_out])
            for reply in policy.replies
        ]
        return {
            "answers": share("core", "full", "curt"),
            "warm": share("opening", "warm"),
            "promises": share("promise", "made"),
            "showy": 1 - (1 - share("opening", "heaped")) * (1 - share("closing", "show")),
            "words": float(chances @ np.array(lengths)),
            "quality": float(chances @ self._worths(policy)),
            "drift": policy.drift(),
        }

    def _case(
        self, policy: Policy, before: Floats, customer: Customer, grader: Grader | None
    ) -> Case:
        """The likeliest reply to a customer, with the one before the training behind it."""
        words = self._content.words
        reply = policy.replies[int(policy.chances().argmax())]
        earlier = policy.replies[int(before.argmax())]
        said = reply.text(customer)
        behind = [Passage(title=words.before, text=earlier.text(customer))]
        if grader:
            points: Mapping[str, float] = grader.points(said, customer)
            told = "; ".join(
                words.points.format(rule=words.names[rule], points=f"{given:+g}")
                for rule, given in points.items()
            )
            behind.append(Passage(title=words.grader, text=told or "–"))
        good = reply.worth >= GOOD
        given = words.of_hundred.format(points=reply.worth)
        behind.append(Passage(title=words.person, text=given, mark="good" if good else "bad"))
        return Case(title=customer.message, said=said, right=good, behind=tuple(behind))
