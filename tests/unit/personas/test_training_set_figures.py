from dialogs.simulations.persona import Company, Example, data_problems, set_figures
from tests.unit.personas.conftest import ACCOUNT, training_set


def test_a_sound_set_has_no_problems(company: Company) -> None:
    figures = set_figures(company, training_set(company, "good", 50, 2))
    assert figures.lines == 50
    assert sum(figures.topics.values()) == len(figures.topics) == 50
    assert data_problems(figures, company.rubric) == ()


def test_each_flaw_of_a_set_is_found(company: Company) -> None:
    good = training_set(company, "good", 40, 2)
    rude, promise = training_set(company, "rude", 8, 3), training_set(company, "promise", 4, 3)
    problems = {
        name: data_problems(set_figures(company, lines), company.rubric)
        for name, lines in {
            "few": good[:12],
            "copies": good + good[:8],
            "mixed": good[:32] + rude,
            "promises": good[:36] + promise,
            "one-sided": training_set(company, "good", 40, 2, ["refund-request"]),
            "empty": training_set(company, "empty", 40, 2),
            "wrong": training_set(company, "wrong", 40, 2),
            "rude": training_set(company, "rude", 40, 2),
            "contradictory": training_set(company, "contradictory", 40, 2),
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
    lines = [
        *training_set(company, "good", 20, 2),
        Example(message=ACCOUNT, reply="Figure it out."),
    ]
    figures = set_figures(company, lines)
    assert figures.off_tone == (20,)
    assert figures.low["politeness"] == (20,)


def test_an_empty_set_has_figures_too(company: Company) -> None:
    figures = set_figures(company, ())
    assert (figures.lines, figures.dominant) == (0, 0.0)
    assert "few-lines" in data_problems(figures, company.rubric)
