import pytest

from dialogs.simulations.persona.statistics import paired_means, shares


def test_two_proportions_agree_with_the_textbook() -> None:
    found = shares([True] * 80 + [False] * 20, [True] * 92 + [False] * 8)
    assert found.difference == pytest.approx(0.12)
    assert found.p == pytest.approx(0.0142, abs=0.0005)  # z = 2.45
    # The interval has the test's own error, so that it never shows what the test denies.
    assert found.low == pytest.approx(0.0240, abs=0.0005)
    assert found.high == pytest.approx(0.2160, abs=0.0005)
    assert found.label == "ImprovedWeak"


def test_pairs_see_a_small_steady_gain() -> None:
    a = [float(1 + i % 5) for i in range(60)]
    b = [x + 0.3 + 0.1 * (i % 2) for i, x in enumerate(a)]
    assert paired_means(a, b).label == "ImprovedStrong"


def test_where_less_is_better_a_rise_is_a_degradation() -> None:
    a, b = [1.0, 1.1] * 20, [2.0, 2.1] * 20
    assert paired_means(a, b, less_is_better=True).degraded
    assert paired_means(b, a, less_is_better=True).improved


def test_few_values_conclude_nothing() -> None:
    assert shares([0.0] * 10, [1.0] * 10).label == "Inconclusive"
    assert shares([], []).label == "Inconclusive"
    assert paired_means([], []).label == "Inconclusive"


def test_no_difference_is_no_finding() -> None:
    same = paired_means([1.0, 0.0] * 50, [1.0, 0.0] * 50)
    assert (same.difference, same.p, same.label) == (0.0, 1.0, "Inconclusive")
