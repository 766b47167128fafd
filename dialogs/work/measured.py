"""How good a learner's model is, as a fact: for whoever compares the models of many."""

from dialogs.simulations.experiment import Trial
from dialogs.simulations.persona import Evaluation, dashboard
from dialogs.values.facts import ModelMeasured
from dialogs.values.scene import Scene

OF_A_MODEL = ("accuracy", "satisfied")  # figures of an evaluation: shares of held-out customers


def measured(scene: Scene, key: str) -> ModelMeasured | None:
    """The figures of what was computed; None where that was nothing to measure a model by."""
    result = scene.results.get(key)
    match result:
        case Trial(figures=figures) if figures:
            found = dict(figures)
        case Evaluation() if "tuned" in result.sides:
            rows = {one.metric: one.comparison.b for one in dashboard(result)}
            found = {name: rows[name] for name in OF_A_MODEL}
        case _:
            return None
    lesson, run = scene.lesson.id, scene.progress.run
    return ModelMeasured(
        lesson=lesson, run=run, at=scene.now, step=scene.step_id, key=key, figures=found
    )
