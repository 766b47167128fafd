"""The persona company of a lesson, for the steps that deal with one."""

from typing import TypeGuard

from dialogs.simulations.computation import Simulation
from dialogs.simulations.persona import Company
from dialogs.values.scene import Scene


def company_of(scene: Scene) -> Company:
    """The lesson's company. `content.check` lets no step that asks for it into a lesson without."""
    return as_company(scene.simulation)


def is_company(simulation: Simulation | None) -> TypeGuard[Company]:
    """Whether a lesson's simulation is a persona company."""
    return isinstance(simulation, Company)


def as_company(simulation: Simulation | None) -> Company:
    """The company that a simulation is. Raises TypeError for any other."""
    if not is_company(simulation):
        msg = f"the lesson's simulation is {type(simulation).__name__}, and no persona company"
        raise TypeError(msg)
    return simulation
