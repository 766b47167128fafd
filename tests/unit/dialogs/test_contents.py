"""The lesson's table of contents says where one can go, and what can be said there."""

from dialogs import contents
from tests.unit.conftest import At


def test_a_step_is_behind_here_open_or_ahead(at: At) -> None:
    learner = at("pick").pass_all("needs")
    states = {
        line.step: line.state for one in contents.chapters(learner.scene) for line in one.lines
    }
    assert (states["needs"], states["pick"], states["goals"]) == ("done", "here", "ahead")
    assert "start" not in states
    looked_back = at("pick").pass_all("needs").go("intro")
    states = {
        line.step: line.state for one in contents.chapters(looked_back.scene) for line in one.lines
    }
    assert (states["intro"], states["needs"], states["talk"]) == ("here", "done", "open")


def test_a_tutorial_alone_can_be_skipped(at: At) -> None:
    assert "skip" in contents.commands(at("tour").scene)
    assert "skip" not in contents.commands(at("pick").scene)
    assert "back" not in contents.commands(at("start").scene)
