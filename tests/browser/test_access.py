"""Everybody can use the page: axe finds nothing, and nothing is wider than a small screen."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from content.lesson.kinds import KINDS
from tests.browser.conftest import Server
from tests.browser.learner import PageLearner
from tests.lessons import tutor

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "active"},
]
SMALL: ViewportSize = {"width": 320, "height": 720}
MOST_TURNS = 200
EXERCISES = ("multi-turn", "ethics")  # have the kinds that the main lesson hasn't
# What sticks out of the newest card to the right, save what scrolls by itself.
STICKS_OUT = """() => {
  const cards = [...document.querySelectorAll('.ac-adaptiveCard')];
  const parts = cards.length ? [...cards.at(-1).querySelectorAll('*')] : [];
  return parts
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
    .filter((part) => !part.closest('pre, .frame, .tutor-live'))
    .map((part) => part.outerHTML.slice(0, 160));
}"""


# At one end or the other: what scrolls by under the header or the row of buttons is covered
# at one of them at most, unless it is covered for good.
NEWEST = """(block) => {
  document.querySelector('[data-newest]')?.removeAttribute('data-newest');
  const newest = [...document.querySelectorAll('article')].at(-1);
  newest?.setAttribute('data-newest', '');
  newest?.scrollIntoView({ block });
}"""


def faults(page: Page) -> list[str]:
    """What axe finds in the newest message and around the transcript, wherever it is scrolled."""
    found = _faults_at(page, "end")
    if found:
        there = _faults_at(page, "start")
        found = {at: told for at, told in found.items() if at in there}
    return list(found.values())


def _faults_at(page: Page, block: str) -> dict[tuple[str, str], str]:
    page.evaluate(NEWEST, block)
    parts = ["[data-newest]", "header", ".webchat__send-box", ".webchat__suggested-actions"]
    there = [[part] for part in parts if page.locator(part).count()]
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, context={"include": there}, options=options)
    return {
        (v["id"], str(n["target"])): f"{v['id']}: {n['html'][:160]} {n['failureSummary'][:200]}"
        for v in found.response["violations"]
        for n in v["nodes"]
    }


def faults_in_each_look(page: Page) -> list[str]:
    """What axe finds and what is too wide, by day, by night and in forced colours."""
    told = []
    for look in LOOKS:
        page.emulate_media(**look)
        page.wait_for_timeout(150)  # until colours that fade have come
        told += [f"{[*look.values()]}: {fault}" for fault in faults(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        told += [f"{wide} pixels wide"] if wide > SMALL["width"] else []
        told += page.evaluate(STICKS_OUT)
    return told


def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page(viewport=SMALL)
    learner = PageLearner(page, server, tutor())
    learner.open()
    seen: set[tuple[str, str]] = set()
    told: list[str] = []
    left = [*EXERCISES]
    for _ in range(MOST_TURNS):
        screen = (learner.step.kind, learner.scene.record.status)
        if screen not in seen:
            seen.add(screen)
            told += [f"{screen}: {fault}" for fault in faults_in_each_look(page)]
        if learner.do_right():
            continue
        if not left:
            break
        learner.type("menu")
        learner.press(tutor().library.lessons[left.pop(0)].title)
    assert told == []
    kinds = {kind for kind, _ in seen}
    assert kinds == {*KINDS}
    page.close()
