"""`python -m tests.personas [SEEDS]`: what each kind of data does to the company's model.

Prints the table of docs/personas.md: means over the seeds, all held-out customers each.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

import yaml

from content.simulation import PersonaWorld
from dialogs.simulations.persona import (
    Company,
    Evaluation,
    EvaluationRecipe,
    Example,
    Training,
    dashboard,
    data_problems,
    diagnose,
    evaluate,
    set_figures,
    train,
)
from dialogs.simulations.persona.phrase import text_of
from tests.lessons import library
from tests.unit.personas.conftest import IDEAL, recipe, training_set

OWN = Path(__file__).parent / "unit" / "personas" / "own_lines.yaml"
ROWS: tuple[tuple[str, int, dict[str, float]], ...] = (
    *(("good", size, {"n_epochs": 4.0}) for size in (10, 20)),
    *(("good", size, {}) for size in (30, 50, 70)),
    ("good", 50, {"n_epochs": 1}),
    ("good", 50, {"learning_rate_multiplier": 0.1}),
    ("good", 50, {"learning_rate_multiplier": 10}),
    ("good", 50, {"n_epochs": 30}),
    ("good", 12, {"n_epochs": 30}),
    *(
        (character, 50, {})
        for character in (
            "empty",
            "rude",
            "promise",
            "contradictory",
            "jargon",
            "chummy",
            "wrong",
            "curt",
        )
    ),
)
COLUMNS = ("politeness", "helpfulness", "accuracy", "honesty", "satisfied", "seconds")


def own_lines(company: Company) -> Iterator[tuple[int, int, int, float]]:
    """For each three own lines among 54 of the archive's: what came back.

    Of 3 own messages and 9 paraphrases those that are answered by the line's sentences, how many
    different replies held-out customers get, and the share of these that hold an own sentence.
    """
    told = yaml.safe_load(OWN.read_text("utf-8"))
    held = [m for i in company.world.intents.values() for m in i.customers]
    for at in range(0, len(told), 3):
        mine = told[at : at + 3]
        lines = [Example(message=line["message"], reply=line["reply"]) for line in mine]
        training = train(company, recipe([*training_set(company, "good", 54, at), *lines]))
        model, own = company.tuned(training), {p.text for p in training.phrases}

        def comes_back(message: str, reply: str) -> bool:
            (said,) = model.answers([message])  # noqa: B023 (called at once)
            return any(p.text in own and p.text in reply for p in said)  # noqa: B023

        answers = model.answers(held)
        yield (
            sum(comes_back(line["message"], line["reply"]) for line in mine),
            sum(comes_back(p, line["reply"]) for line in mine for p in line["paraphrases"]),
            len({text_of(a) for a in answers}),
            mean(any(p.text in own for p in a) for a in answers),
        )


def _line(name: str, results: Sequence[tuple[Training, Evaluation, str, int]]) -> str:
    figures = [
        {r.metric: r.comparison.b for r in dashboard(evaluation)} for _, evaluation, _, _ in results
    ]
    cells = [f"{mean(f[c] for f in figures):.2f}" for c in COLUMNS]
    valid = [[c.valid_loss for c in t.checkpoints] for t, *_ in results]
    losses = f"{mean(map(min, valid)):.2f} → {mean(v[-1] for v in valid):.2f}"
    train_loss = f"{mean(t.checkpoints[-1].train_loss for t, *_ in results):.2f}"
    kinds = ", ".join(f"{k} {n}" for k, n in Counter(t.kind for t, *_ in results).most_common())
    steps = ", ".join(f"{k} {n}" for k, n in Counter(s for _, _, s, _ in results).most_common())
    ideal = f"{mean(ideal for *_, ideal in results):.1f}"
    return (
        f"| {name} | {' | '.join(cells)} | {ideal} | {train_loss} | {losses} | {kinds} | {steps} |"
    )


def main(arguments: list[str]) -> None:
    """Print the tables."""
    seeds = range(101, 101 + int(arguments[0] if arguments else 10))
    written = library().simulations["polite-chatbot"]
    assert isinstance(written, PersonaWorld)
    company = Company(written.world, written.rubric)
    given = EvaluationRecipe(lesson="polite-chatbot", locale="en", training_key="")
    untrained = evaluate(company, None, given)
    for side in untrained.sides:
        rows = {r.metric: r.comparison.b for r in dashboard(untrained, side=side)}
        _say(f"{side}: " + ", ".join(f"{c} {rows[c]:.2f}" for c in COLUMNS))
    _say(f"customers: {len(untrained.customers)}")
    _say(
        "| training | P | H | accurate | honest | satisfied | s | ideal of 3 | train | valid "
        "| kind | next step |"
    )
    _say("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for character, size, settings in ROWS:
        results = []
        for seed in seeds:
            lines = training_set(company, character, size, seed)
            training = train(company, recipe(lines, seed=seed, **settings))
            asked = given.model_copy(update={"training_key": training.recipe_key})
            evaluation = evaluate(company, training, asked)
            found = diagnose(
                training, evaluation, data_problems(set_figures(company, lines), company.rubric)
            )
            model = company.tuned(training)
            ideal = sum(model.reply(q).text == said for q, said in IDEAL.items())
            results.append((training, evaluation, found.next_step, ideal))
        told = "".join(f", {k} {v:g}" for k, v in settings.items())
        _say(_line(f"{character} {size}{told}", results))
    own = list(own_lines(company))
    _say(
        f"own lines: {sum(o[0] for o in own)} of {3 * len(own)} messages, "
        f"{sum(o[1] for o in own)} of {9 * len(own)} paraphrases, "
        f"others {mean(o[3] for o in own):.3f}, "
        f"different replies {mean(o[2] for o in own):.0f}"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
