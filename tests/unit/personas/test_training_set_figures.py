from dialogs.simulations.persona import Company, Example, data_problems, set_figures
from tests.unit.personas.conftest import ACCOUNT, IDEAL


def test_a_sound_set_has_no_problems(company: Company) -> None:
    facts = set_figures(company, company.training_set("good", 50, 2))
    assert facts.lines == 50
    assert sum(facts.topics.values()) + len(facts.unplaced) == 50
    assert len(facts.topics) == 12
    assert data_problems(facts, company.rubric) == ()


def test_each_flaw_of_a_set_is_found(company: Company) -> None:
    good = company.training_set("good", 40, 2)
    rude, promise = company.training_set("rude", 8, 3), company.training_set("promise", 4, 3)
    problems = {
        name: data_problems(set_figures(company, lines), company.rubric)
        for name, lines in {
            "few": good[:12],
            "copies": good + good[:8],
            "mixed": good[:32] + rude,
            "promises": good[:36] + promise,
            "one-sided": company.training_set("good", 40, 2, ["refund"]),
            "empty": company.training_set("empty", 40, 2),
            "wrong": company.training_set("wrong", 40, 2),
            "rude": company.training_set("rude", 40, 2),
            "contradictory": company.training_set("contradictory", 40, 2),
        }.items()
    }
    assert problems["few"] == ("few-lines",)
    assert problems["copies"] == ("copies",)
    assert "mixed-tone" in problems["mixed"]
    assert problems["promises"] == ("unbacked-promises",)
    assert set(problems["one-sided"]) == {"few-topics", "one-sided"}
    assert problems["empty"] == ("harsh-or-empty",)
    assert "harsh-or-empty" in problems["rude"]
    assert "harsh-or-empty" in problems["wrong"]
    assert "mixed-tone" in problems["contradictory"]


def test_lines_that_break_the_tone_are_named(company: Company) -> None:
    lines = [*company.training_set("good", 20, 2), Example(message=ACCOUNT, reply="Figure it out.")]
    facts = set_figures(company, lines)
    assert facts.off_tone == (20,)
    assert facts.low["politeness"] == (20,)


def test_personal_data_is_found(company: Company) -> None:
    lines = [
        Example(message=f"{ACCOUNT} I am jo.doe@example.org", reply=IDEAL[ACCOUNT]),
        Example(message=ACCOUNT, reply="Call me at +1 425 555 0100, please."),
        Example(message=ACCOUNT, reply=IDEAL[ACCOUNT]),
        Example(message="Order 4711 of 12.11.2026 cost 1,250 dollars.", reply="Thank you."),
    ]
    found = [(p.line, p.kind) for p in set_figures(company, lines).personal]
    assert found == [(0, "e-mail"), (1, "phone")]


def test_an_empty_set_has_facts_too(company: Company) -> None:
    facts = set_figures(company, ())
    assert (facts.lines, facts.dominant) == (0, 0.0)
    assert "few-lines" in data_problems(facts, company.rubric)
