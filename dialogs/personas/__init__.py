"""The simulated models: they speak, they are really trained, and they are judged."""

from dialogs.personas.company import Company
from dialogs.personas.evaluation import (
    Evaluation,
    EvaluationRecipe,
    Outcome,
    Side,
    customers,
    evaluate,
    response_time,
)
from dialogs.personas.model import Model, Spoken
from dialogs.personas.scoring import Reason, Score
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
    "Evaluation",
    "EvaluationRecipe",
    "Example",
    "Kind",
    "Model",
    "NewPhrase",
    "Outcome",
    "Reason",
    "Score",
    "Settings",
    "Side",
    "Spoken",
    "StepLoss",
    "Training",
    "TrainingRecipe",
    "automatic",
    "customers",
    "evaluate",
    "recipe_key",
    "response_time",
    "train",
]
