"""The simulated models: they speak, they are really trained, and they are judged."""

from dialogs.simulations.computation import recipe_key
from dialogs.simulations.persona.archive import Shelf
from dialogs.simulations.persona.company import Company
from dialogs.simulations.persona.dashboard import Row, SegmentRow, ab_test, by_segment, dashboard
from dialogs.simulations.persona.diagnosis import (
    Diagnosis,
    NextStep,
    Problem,
    data_problems,
    diagnose,
)
from dialogs.simulations.persona.evaluation import (
    Evaluation,
    EvaluationRecipe,
    Side,
    customers,
    evaluate,
    response_time,
)
from dialogs.simulations.persona.facts import PersonalData, SetFacts, set_facts
from dialogs.simulations.persona.model import Model, Spoken
from dialogs.simulations.persona.outcome import outcome_at
from dialogs.simulations.persona.scoring import Reason, Score
from dialogs.simulations.persona.statistics import (
    Comparison,
    paired_means,
    shares,
)
from dialogs.simulations.persona.training import (
    Checkpoint,
    Example,
    Kind,
    NewPhrase,
    Settings,
    StepLoss,
    Training,
    TrainingRecipe,
)
from dialogs.simulations.persona.tuning import train

__all__ = [
    "Checkpoint",
    "Company",
    "Comparison",
    "Diagnosis",
    "Evaluation",
    "EvaluationRecipe",
    "Example",
    "Kind",
    "Model",
    "NewPhrase",
    "NextStep",
    "PersonalData",
    "Problem",
    "Reason",
    "Row",
    "Score",
    "SegmentRow",
    "SetFacts",
    "Settings",
    "Shelf",
    "Side",
    "Spoken",
    "StepLoss",
    "Training",
    "TrainingRecipe",
    "ab_test",
    "by_segment",
    "customers",
    "dashboard",
    "data_problems",
    "diagnose",
    "evaluate",
    "outcome_at",
    "paired_means",
    "recipe_key",
    "response_time",
    "set_facts",
    "shares",
    "train",
]
