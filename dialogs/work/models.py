"""The learner's own fine-tuned model: where it is, and what hangs on it."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from content.lesson import Lesson
from dialogs.simulations.computation import Recipe, recipe_key
from dialogs.simulations.persona import (
    Company,
    Evaluation,
    EvaluationRecipe,
    Example,
    Hyperparameters,
    Prompting,
    SetFigures,
    Training,
    TrainingRecipe,
)
from dialogs.simulations.persona import Model as Persona
from dialogs.values.progress import Earlier, Progress, TunedModel
from dialogs.values.scene import Scene
from dialogs.values.turn import Compute
from dialogs.work import prompting, training_set
from dialogs.work.decisions import decided
from dialogs.work.persona_company import company_of
from dialogs.work.training_set import TrainingSet

SEED = 105  # of every training: the same choices give the same model


@dataclass(frozen=True)
class Current:
    """The current model at hand; `evaluation` is None while it is still being computed."""

    company: Company
    training: Training
    epoch: int | None
    evaluation: Evaluation | None

    @property
    def persona(self) -> Persona:
        """The model, ready to speak."""
        return _made(_Key(self.company, self.training), self.epoch)


def current(scene: Scene) -> Current | None:
    """The learner's model; None before a training job succeeded."""
    model = scene.progress.model
    training = scene.results.get(model.training) if model else None
    if model is None or not isinstance(training, Training):
        return None
    found = scene.results.get(model.evaluation or "")
    evaluation = found if isinstance(found, Evaluation) else None
    return Current(company_of(scene), training, model.epoch, evaluation)


_PERSONAS = 16  # tuned models that are kept ready to speak; one is about 0.5 MiB


class _Key:
    """A training by its key: the large result itself is never hashed."""

    def __init__(self, company: Company, training: Training) -> None:
        self.company, self.training = company, training

    def __hash__(self) -> int:
        return hash(self.training.recipe_key)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and self.company is other.company
            and self.training.recipe_key == other.training.recipe_key
        )


@lru_cache(maxsize=_PERSONAS)
def _made(key: _Key, epoch: int | None) -> Persona:
    return key.company.tuned(key.training, epoch)


def training_order(scene: Scene, settings: Hyperparameters) -> Compute:
    """Order a training of the learner's own set with these settings."""
    validation = decided(scene.lesson, scene.progress).get("validation")
    split: Literal["file", "split"] = "split" if validation and validation.id == "split" else "file"
    recipe = TrainingRecipe(
        lesson=scene.lesson.id,
        locale=scene.lesson.locale,
        examples=examples(scene),
        seed=SEED,
        validation=split,
        **settings.model_dump(),
    )
    return _order(scene, recipe)


def evaluation_order(scene: Scene, model: TunedModel, chosen: Prompting | None = None) -> Compute:
    """Order the evaluation of a model, and of its rivals, on held-out customers.

    `chosen` is what the rivals have in their prompt; None is what the learner has kept.
    """
    company = company_of(scene)
    now = chosen or prompting.kept(scene.lesson, scene.progress, company)
    recipe = EvaluationRecipe(
        lesson=scene.lesson.id,
        locale=scene.lesson.locale,
        training_key=model.training,
        epoch=model.epoch,
        prompting=None if now == company.usual_prompting else now,
    )
    return _order(scene, recipe)


def _order(scene: Scene, recipe: Recipe) -> Compute:
    run = scene.progress.run
    return Compute(recipe_key(recipe), recipe, scene.lesson.id, run, scene.step_id)


def own_set(scene: Scene) -> TrainingSet:
    """The learner's training set as it is now."""
    return training_set.collected(scene.lesson, scene.progress, company_of(scene))


def examples(scene: Scene) -> tuple[Example, ...]:
    """The lines of the learner's training set."""
    return own_set(scene).lines


def set_figures(scene: Scene) -> SetFigures:
    """What there is to know about the learner's training set as it is now."""
    return own_set(scene).facts


def is_older_than_data(scene: Scene) -> bool:
    """Whether the training set changed after the model was made of it."""
    model = scene.progress.model
    if model is None:
        return False
    own = own_set(scene)
    return model.data not in (own.digest, own.former_digest)


def adopt(progress: Progress, lesson: Lesson, model: TunedModel) -> Progress:
    """Take a new model: what depended on the old one is asked again, answers stay as history.

    Steps that had passed with the old model return to "tried"; nothing else is touched.
    """
    old = progress.model
    records, history = dict(progress.records), list(progress.history)
    same = old is not None and (old.training, old.epoch) == (model.training, model.epoch)
    for step in lesson.steps:
        record = records.get(step.id)
        if record is None or record.model is None or same:
            continue
        history.append(Earlier(step.id, record.model, record.score, record.state))
        records[step.id] = record.outdated()
    return replace(progress, model=model, records=records, history=tuple(history))


def choose_checkpoint(scene: Scene, choice: str) -> tuple[Progress, Compute | None]:
    """Deploy the "best" checkpoint by validation loss of those that are kept, or the "last" other.

    Another checkpoint is another model: it is evaluated anew.
    """
    model, now = scene.progress.model, current(scene)
    if model is None or now is None:
        return scene.progress, None
    training = now.training
    other = training.last_but_best if choice != "best" else None
    epoch = (other or training.best_kept).epoch
    if epoch == training.deployable(model.epoch).epoch:
        return scene.progress, None
    chosen = replace(model, epoch=epoch, evaluation=None)
    order = evaluation_order(scene, chosen)
    chosen = replace(chosen, evaluation=order.key)
    return adopt(scene.progress, scene.lesson, chosen), order
