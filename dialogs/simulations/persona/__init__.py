"""The simulated models: they speak, they are really trained, and they are judged."""

from dialogs.simulations.persona.company import Company
from dialogs.simulations.persona.data_problems import DataProblem, data_problems
from dialogs.simulations.persona.diagnosis import Diagnosis, diagnose
from dialogs.simulations.persona.evaluation import Evaluation, EvaluationRecipe, evaluate
from dialogs.simulations.persona.measurements import Row, SegmentRow, ab_test, by_segment, dashboard
from dialogs.simulations.persona.model import Model
from dialogs.simulations.persona.prompting import Prompting
from dialogs.simulations.persona.scoring import Score
from dialogs.simulations.persona.statistics import Comparison
from dialogs.simulations.persona.training import (
    Example,
    Hyperparameters,
    Training,
    TrainingOutcome,
    TrainingRecipe,
)
from dialogs.simulations.persona.training_set_figures import SetFigures, set_figures
from dialogs.simulations.persona.tuning import train

__all__ = [
    "Company",
    "Comparison",
    "DataProblem",
    "Diagnosis",
    "Evaluation",
    "EvaluationRecipe",
    "Example",
    "Hyperparameters",
    "Model",
    "Prompting",
    "Row",
    "Score",
    "SegmentRow",
    "SetFigures",
    "Training",
    "TrainingOutcome",
    "TrainingRecipe",
    "ab_test",
    "by_segment",
    "dashboard",
    "data_problems",
    "diagnose",
    "evaluate",
    "set_figures",
    "train",
]
