"""The simulated models: they speak, they are really trained, and they are judged."""

from dialogs.personas.archive import Shelf
from dialogs.personas.company import Company
from dialogs.personas.dashboard import Row, SegmentRow, ab_test, by_segment, dashboard
from dialogs.personas.diagnosis import Diagnosis, NextStep, Problem, data_problems, diagnose
from dialogs.personas.evaluation import (
    Evaluation,
    EvaluationRecipe,
    Side,
    customers,
    evaluate,
    response_time,
)
from dialogs.personas.facts import PersonalData, SetFacts, set_facts
from dialogs.personas.model import Model, Spoken
from dialogs.personas.outcome import outcome_at
from dialogs.personas.scoring import Reason, Score
from dialogs.personas.statistics import (
    Comparison,
    means,
    paired_means,
    paired_shares,
    shares,
)
from dialogs.personas.training import (
    Checkpoint,
    Example,
    Kind,
    NewPhrase,
    Settings,
    StepLoss,
    Training,
    TrainingRecipe,
    recipe_key,
)
from dialogs.personas.tuning import automatic, train

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
    "automatic",
    "by_segment",
    "customers",
    "dashboard",
    "data_problems",
    "diagnose",
    "evaluate",
    "means",
    "outcome_at",
    "paired_means",
    "paired_shares",
    "recipe_key",
    "response_time",
    "set_facts",
    "shares",
    "train",
]
