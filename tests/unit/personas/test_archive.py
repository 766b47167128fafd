from content.lesson import Conversation
from content.world import World
from dialogs.simulations.persona import Company, Example, train
from dialogs.simulations.persona.archive import Shelf, variants
from tests.unit.personas.conftest import FRUSTRATED, IDEAL, recipe, training_set


def test_the_archive_brings_distinct_lines_of_the_same_kind(company: Company) -> None:
    shown = Example(message=FRUSTRATED, reply=IDEAL[FRUSTRATED])
    shelf = Shelf(shown, "product-broken", "good", 8)
    lines = variants(company.world, company.marks, shelf, 7)
    assert lines[0] == shown
    assert len(lines) == len(set(lines)) == 8
    assert len({e.message for e in lines}) == 8
    assert all(company.intent_of(e.message) == "product-broken" for e in lines)
    assert variants(company.world, company.marks, shelf, 7) == lines
    assert variants(company.world, company.marks, shelf, 8) != lines


def test_every_character_fills_a_shelf_for_every_intent(company: Company, world: World) -> None:
    for character in world.characters:
        for intent, about in world.intents.items():
            shown = Example(message=about.messages[0], reply="Shown.")
            shelf = Shelf(shown, intent, character, 6)
            lines = variants(company.world, company.marks, shelf, 1)
            assert len(set(lines)) == 6, (character, intent)
            assert all(e.reply for e in lines)


def conversation(company: Company, intent: str, at: int) -> Conversation:
    world = company.world
    acts = world.plans(intent, "good")[0]
    return Conversation(
        id=f"{intent}-{at}",
        title="T",
        customer=world.intents[intent].messages[at],
        response=" ".join(world.sayings(a, intent)[0] for a in acts),
        intent=intent,
        character="good",
        good=True,
        why="W",
    )


def test_selected_conversations_bring_no_line_twice_and_train_well(company: Company) -> None:
    names = list(company.world.intents)[::13]
    chosen = [conversation(company, n, i) for n in names for i in (0, 1)]
    lines = [e for brought in company.archive(chosen, 3) for e in brought]
    assert len(lines) == len(set(lines)) == 60
    assert train(company, recipe(lines)).kind == "good"


def test_held_out_messages_are_in_no_archive(company: Company) -> None:
    held = {e.message for e in company.validation}
    assert len(held) == 2 * len(company.world.intents)
    assert held.isdisjoint(e.message for e in training_set(company, "good", 80, 1))
