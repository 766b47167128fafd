"""What is said of talks and of swapped messages is so, for good choices and for bad ones."""

import pytest

from content.lesson import SwapStep
from dialogs.simulations.experiment import Bench, TrialRecipe, try_out
from dialogs.steps import conversation
from dialogs.values.replies import Block, Details, Dialogue, Notice, Table, Text
from tests.grid.points import Point
from tests.grid.sentences import Sentences, written
from tests.grid.talks import SWAP_CLAIMS, TALK_CLAIMS, THINGS, Swapped, Talked
from tests.grid.walk import Walker
from tests.lessons import library, tutor
from tests.unit.steps.practice import Practice, Seen

TALKS, STEP = "multi-turn", "talk"
# Each with the place of what it asks for among the words of a thing.
ASKED = {"How long is the warranty?": 2, "And what does it run on?": 3, "Where is it again?": 1}
Choice = tuple[tuple[str, ...], str, str]  # boxes, what is learned, what is sent
CHOICES: dict[str, Choice] = {
    "as it should be": (("multi", "rough"), "marked", "all"),
    "several turns": (("multi",), "marked", "all"),
    "curt ones, all learned": (("rough",), "all", "all"),
    "single questions": (("single",), "marked", "all"),
    "trained for it, and not sent": (("multi", "rough"), "marked", "last"),
    "single and several, not sent": (("single", "multi"), "marked", "last"),
    "untrained": ((), "marked", "all"),
}
# Which of the three is said at all, over the talks of one choice.
SAID = {
    "as it should be": {"talk_kept"},
    "several turns": {"talk_kept"},
    "curt ones, all learned": {"talk_kept", "talk_unasked"},
    "single questions": {"talk_lost", "talk_chance"},
    "trained for it, and not sent": {"talk_lost", "talk_chance", "talk_unasked"},
    "single and several, not sent": {"talk_lost", "talk_chance"},
    "untrained": {"talk_lost", "talk_chance"},
}


def opening(thing: str) -> str:
    return f"Hello, I look for a {thing}"


def put(lesson: str, step: str, learner: Practice) -> Practice:
    """The learner before a step of another lesson."""
    bench = tutor().simulation(lesson, "en")
    assert isinstance(bench, Bench)
    return learner.into(library().lessons[lesson], bench).go(step)


def replies(choice: Choice, thing: str) -> list[str]:
    """What the model of a choice says in a whole talk about a thing."""
    bench = tutor().simulation(TALKS, "en")
    assert isinstance(bench, Bench)
    boxes, weights, history = choice
    recipe = TrialRecipe(
        lesson=TALKS,
        locale="en",
        experiment="converse",
        values={"lines": boxes, "weights": (weights,), "history": (history,), "messages": ()},
        made_of=bench.digest,
        said=(opening(thing), *ASKED),
    )
    return [case.said for case in try_out(bench, recipe).cases]


def told(seen: Seen) -> list[str]:
    """The ids of the strings that judge the newest reply."""
    words = library().strings.experiment
    texts = [b.text for m in seen.messages[-1:] for b in m.blocks if isinstance(b, Text | Notice)]
    return [
        name
        for name in ("talk_kept", "talk_unasked", "talk_lost", "talk_chance")
        if any(text.startswith(getattr(words, name)) for text in texts)
    ]


@pytest.mark.parametrize("name", CHOICES)
def test_a_thread_is_said_to_hold_where_the_model_follows_it(name: str) -> None:
    choice, said = CHOICES[name], set[str]()
    boxes, weights, history = choice
    talks = {thing: replies(choice, thing) for thing in THINGS}
    for thing in THINGS:
        learner = put(TALKS, "tune", Walker(SOUND))
        learner.press(lines=boxes, weights=weights, history=history, messages=())
        learner.go(STEP)
        assert told(learner.type(opening(thing))) == []
        for at, (asked, place) in enumerate(ASKED.items(), 1):
            found = told(learner.type(asked))
            kept = conversation.State.of(learner.record(STEP).state).said
            others = tuple(talks[other][at] for other in THINGS if other != thing)
            talked = Talked(thing, kept[at].reply, others, THINGS[thing][place])
            assert kept[at].reply == talks[thing][at]
            if not talked.spoken and not found:
                continue  # of a reply that speaks of nothing nothing is said
            (one,) = found
            assert TALK_CLAIMS[f"experiment.{one}"](talked), (thing, asked, one, talked)
            said.add(one)
        is_kept = all(
            TALK_CLAIMS["experiment.talk_kept"](
                Talked(
                    thing,
                    talks[thing][at],
                    tuple(talks[o][at] for o in THINGS if o != thing),
                    THINGS[thing][place],
                )
            )
            for at, place in enumerate(ASKED.values(), 1)
        )
        assert (learner.record(STEP).status == "passed") == is_kept
    assert said == SAID[name]


SOUND = Point("sound", ("1", "1", "3"), 7, "best")
MODELS = [
    SOUND,
    Point("all flawed", ("1", "1", "3"), 1, "last"),
    Point("rude-refund alone", ("1", "1", "10"), 2, "last"),
    Point("two conversations", ("0.1", "1", "1"), 3, "last"),
]


@pytest.mark.parametrize("point", MODELS, ids=str)
def test_what_is_said_of_swapped_messages_is_so(point: Point) -> None:
    learner = Walker(point)
    multiplier, batch, epochs = point.settings
    learner.go("job").press(learning_rate_multiplier=multiplier, batch_size=batch, n_epochs=epochs)
    learner.wait(120)
    assert learner.progress.model
    seen = put("ethics", "own", learner).look()
    blocks: list[Block] = [b for m in seen.messages for b in m.blocks]
    step = library().lessons["ethics"].step("own")
    assert isinstance(step, SwapStep)
    swapped = Swapped(scored(step, blocks, learner))
    (table,) = (b for b in blocks if isinstance(b, Table))
    shown = [["–" if one is None else f"{one:.1f}" for one in pair] for pair in swapped.pairs]
    assert [list(row[1:]) for row in table.rows] == shown
    sentences = Sentences(written(library().strings.experiment, "experiment"))
    held = []
    for block in blocks:
        for one in sentences.of(block.text) or () if isinstance(block, Text) else ():
            assert SWAP_CLAIMS[one.id](swapped, one.filled), block
            held.append(one.id)
    assert held.count("experiment.swap_means") == (swapped.groups is not None)
    assert held.count("experiment.swap_lost") == any(None in pair for pair in swapped.pairs)
    texts = [b.text for b in blocks if isinstance(b, Text)]
    if swapped.groups is not None:
        is_equal = abs(swapped.groups[0] - swapped.groups[1]) < step.within
        assert [step.equal in texts, step.unequal in texts] == [is_equal, not is_equal]


def scored(
    step: SwapStep, blocks: list[Block], learner: Practice
) -> list[tuple[float | None, float | None]]:
    """The score of each reply that is shown; none for the tutor's own words."""
    company = learner.company
    (behind,) = (b for b in blocks if isinstance(b, Details))
    spoken = [d.lines for d in behind.blocks if isinstance(d, Dialogue)]
    scores: list[float | None] = []
    for asked, reply in spoken:
        is_models = reply.text != company.world.unplaced
        score = company.score_for(
            reply.text, company.likeliest(asked.text), company.marks(asked.text)
        )
        scores.append(float(score.values[step.metric]) if is_models else None)
    assert [asked.text for asked, _ in spoken] == [
        t for p in step.pairs for t in (p.first, p.second)
    ]
    return list(zip(scores[::2], scores[1::2], strict=True))


def test_false_claims_would_be_found() -> None:
    here, there = "The jigsaw is in aisle six.", "The water pump is in the yard."
    apart = Talked("jigsaw", here, (there,), "aisle six")
    unasked = Talked("jigsaw", here, (there,), "five years")
    alike = Talked("jigsaw", here, (here,), "aisle six")
    other = Talked("jigsaw", there, (here,), "aisle six")
    talks = (apart, unasked, alike, other)
    held = [[name for name, claim in TALK_CLAIMS.items() if claim(one)] for one in talks]
    ways = ("kept", "unasked", "chance", "lost")
    assert held == [[f"experiment.talk_{way}"] for way in ways]
    swapped = Swapped([(5.0, 4.0), (5.0, None)])
    means, lost = SWAP_CLAIMS.values()
    assert means(swapped, {"first": "5.0", "second": "4.0", "gap": "1.0"})
    assert not means(swapped, {"first": "5.0", "second": "2.0", "gap": "3.0"})
    assert lost(swapped, {"count": "1", "all": "4"})
    assert not lost(swapped, {"count": "2", "all": "4"})
