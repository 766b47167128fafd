"""Where lessons lead: links of good form, the same pages in every language."""

import re
from urllib.parse import urlsplit

import pytest

from content.lesson import Lesson
from tests.lessons import library

LESSONS = list(library().lessons.values())
# Pages that a lesson leads to: documentation, Learn, papers, samples, data, communities, law.
HOSTS = {
    "learn.microsoft.com",
    "azure.microsoft.com",
    "aka.ms",
    "arxiv.org",
    "github.com",
    "huggingface.co",
    "convokit.cornell.edu",
    "platform.openai.com",
    "developers.openai.com",
    "cookbook.openai.com",
    "help.openai.com",
    "www.canlii.org",
    "eur-lex.europa.eu",
}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.id)
def test_the_end_leads_on_by_links_of_good_form(lesson: Lesson) -> None:
    assert lesson.complete.links, "nothing to read on"
    for link in lesson.complete.links:
        found = urlsplit(link.url)
        assert (found.scheme, found.username, found.port) == ("https", None, None)
        assert found.hostname in HOSTS, link.url
        assert link.url == link.url.strip()
        assert not any(c.isspace() for c in link.url)
        # Without a language in it, the page chooses the reader's own.
        assert not found.path.lower().startswith("/en-us/"), link.url


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.id)
def test_every_language_leads_to_the_same_pages(lesson: Lesson) -> None:
    for locale, told in library().translations.items():
        edition = told.lessons.get(lesson.id)
        if edition is not None:
            here = [link.url for link in lesson.complete.links]
            there = [link.url for link in edition.complete.links]
            assert [re.sub(f"/{locale}-[a-z]+/", "/", url) for url in there] == here
