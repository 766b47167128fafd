"""What is set on paper: one page, however much was shown."""

from datetime import UTC, datetime

import pypdfium2
import pytest

from bot.records.typesetting import Paper, paper
from dialogs.records.claims import claim, series
from dialogs.values.certificate import Certificate, Claim
from dialogs.values.facts import LessonCompleted
from tests.lessons import library

DONE = datetime(2026, 7, 4, 2, 30, tzinfo=UTC)
FACTS = [
    LessonCompleted(lesson=name, run=1, at=DONE, version="v", score=0.9)
    for name in library().lessons
]
ENDS = b"IEND\xaeB`\x82"  # of a PNG


def claims(locale: str) -> list[Claim]:
    """What may be certified in a language: each lesson, and all of them."""
    lessons = [library().edition(name, locale).lessons[name] for name in library().lessons]
    title = library().languages[locale].strings.certificate.series_title
    found = [*(claim(lesson, FACTS) for lesson in lessons), series(title, locale, lessons, FACTS)]
    return [one for one in found if one]


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("name", ["Ann", "Wilhelmina van der Merwe " * 4])
def test_a_certificate_is_one_page_and_one_picture(locale: str, name: str) -> None:
    words = library().languages[locale].strings.certificate
    found = claims(locale)
    assert len(found) == len(library().lessons) + 1
    for what in found:
        issued = Certificate("id", name.strip(), what, "Ada & Co", DONE, None)
        of = Paper(issued, words, "https://tutor.example.org/certificates/AAAAAAAAAAAAAAAAAAAAAA")
        with pypdfium2.PdfDocument(paper(of, "pdf")) as pdf:
            assert len(pdf) == 1, what.title
            told = " ".join(pdf[0].get_textpage().get_text_bounded().split())
        assert all(one.phase in told for one in what.demonstrated)
        assert paper(of, "png").count(ENDS) == 1
