"""The one table of the simulations that a lesson can have, by the name in its `simulation`.

`dialogs/simulations/registry.py` says what is built of each. A new kind is a class of its own,
an entry here and a row there.
"""

from content.costs import CostsContent
from content.distillation import DistillationContent
from content.preferences import PreferencesContent
from content.retrieval import RetrievalContent
from content.simulation import PersonaWorld, SimulationContent
from content.small_model import SmallModelContent
from content.techniques import TechniquesContent

SIMULATIONS: dict[str, type[SimulationContent]] = {
    "persona": PersonaWorld,
    "costs": CostsContent,
    "retrieval": RetrievalContent,
    "distillation": DistillationContent,
    "preferences": PreferencesContent,
    "techniques": TechniquesContent,
    "small-model": SmallModelContent,
}
