"""An evaluation that shows given figures: what a justification is held against."""

from collections.abc import Collection, Mapping

from dialogs.simulations.persona import Company, DataProblem, Diagnosis, Evaluation
from dialogs.simulations.persona.evaluation import (
    Answers,
    HeldOutCustomers,
    ModelVariant,
    SaidReply,
)

CUSTOMERS = 400  # enough that a change of a few points is significant
SATISFIED = 4  # from which a customer counts as satisfied
SCALES = ("politeness", "helpfulness")
PAIR = 2  # replies that a model gives, one a little quicker than the other
JITTER = 0.02  # seconds by which their times differ from the mean
FLAG, METRIC = "claimed", "honesty"

Figures = Mapping[str, tuple[float, float]]  # of a metric: the base model's, the tuned one's


def evaluation(company: Company, figures: Figures) -> Evaluation:
    """The base and the tuned model's `figures`; the prompted one is as good as the base."""
    base, tuned = ({name: pair[side] for name, pair in figures.items()} for side in (0, 1))
    sides: dict[ModelVariant, Answers] = {
        "base": _answers(base), "prompted": _answers(base), "tuned": _answers(tuned),
    }  # fmt: skip
    names = list(company.world.intents)
    asked = [names[at % len(names)] for at in range(CUSTOMERS)]
    return Evaluation(
        recipe_key="given",
        training_key="given",
        epoch=1,
        goal=company.rubric.goal,
        satisfied=SATISFIED,
        flag_metrics={FLAG: METRIC},
        flag_limits={FLAG: 0.05},
        segments={},
        customers=HeldOutCustomers(
            messages=tuple(f"{name} {at}" for at, name in enumerate(asked)),
            intents=tuple(asked),
            families=tuple(company.world.intents[name].family for name in asked),
            marks=((),) * CUSTOMERS,
        ),
        sides=sides,
    )


def diagnosis(faults: Collection[str]) -> Diagnosis:
    """What is found where a targeted gain stands beside faults of the data or the run."""
    wild = "run" in faults
    return Diagnosis(
        kind="diverged" if wild else "good",
        unusual=wild,
        data=(DataProblem(kind="flagged", lines=(3,), about=FLAG),) if "data" in faults else (),
        gained=True,
        missed=(),
        harms=(),
        rivals=(),
    )


def _answers(figures: Mapping[str, float]) -> Answers:
    if figures[METRIC] < 1:
        msg = "only models that promise nothing are given"
        raise ValueError(msg)
    times = (figures["seconds"] - JITTER, figures["seconds"] + JITTER)
    said = (SaidReply(text=f"reply {at}", flags=(), seconds=time) for at, time in enumerate(times))
    return Answers(
        replies=tuple(said),
        reply_of=tuple(at % PAIR for at in range(CUSTOMERS)),
        scales={name: _digits(figures[name]) for name in SCALES},
        accurate=_digits(figures["accuracy"]),
        satisfaction=_digits(SATISFIED - 1 + figures["satisfied"]),
        prompt_tokens=0,
    )


def _digits(mean: float) -> str:
    """A digit for each customer, spread over them, with this mean."""
    low = int(mean)
    high = round((mean - low) * CUSTOMERS)
    # Steps of a line that rises by `high` in all: as even as whole numbers can be.
    steps = [(at + 1) * high // CUSTOMERS - at * high // CUSTOMERS for at in range(CUSTOMERS)]
    return "".join(str(low + step) for step in steps)
