"""What is answered everywhere about a learner: their other places, their data, who runs the tutor.

Each function says what there is to say, or gives an errand for the shell, whose outcome is
answered next. None of them changes any progress.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never, get_args

from content.strings import AccountName, AccountStrings, CommandName, TutorStrings
from dialogs.joining import Kept, is_begun
from dialogs.values.actions import Agree, Command
from dialogs.values.errands import (
    Confirmed,
    CorrectCertificate,
    Erase,
    Errand,
    Export,
    ForgetDevice,
    Join,
    MakeCode,
    ReadCode,
    SeeCertificate,
    SeeSeries,
    SignOut,
)
from dialogs.values.facts import Fact
from dialogs.values.operator import Operator
from dialogs.values.outcomes import (
    AccountOutcome,
    CodeMade,
    CodeRead,
    CodeRefused,
    DeviceForgotten,
    Erased,
    Exported,
    Joined,
    NoDevice,
    OthersReadAlong,
    SignedOut,
)
from dialogs.values.progress import Learner, Progress
from dialogs.values.replies import Block, Bullets, Button, Notice, OwnLink, Text, Weblink
from dialogs.values.turn import Later

NAMES: Mapping[str, AccountName] = {str(name): name for name in get_args(AccountName)}
CODE_MINUTES = 15  # for which a code, or a link to one's data, is good
MOST_TRIES = 5  # codes that a learner may type within so many minutes


@dataclass(frozen=True)
class Answer:
    """What is said, or the errand whose outcome will be; what happened, and what comes later."""

    learner: Learner
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    errand: Errand | None = None
    facts: tuple[Fact, ...] = ()
    later: tuple[Later, ...] = ()


@dataclass(frozen=True)
class Account:
    """The words for a learner, and who runs the tutor."""

    words: AccountStrings
    tutor_words: TutorStrings
    page_words: Mapping[str, str]
    operator: Operator

    def command(self, name: AccountName, learner: Learner) -> Answer:
        """Answer a command, or ask first."""
        words = self.words
        match name:
            case "link":
                return Answer(learner, errand=MakeCode())
            case "privacy":
                return self._privacy(learner)
            case "contact":
                return _said(learner, *self.contact())
            case "export":
                return Answer(learner, errand=Export())
            case "delete":
                blocks: tuple[Block, ...] = (
                    Text(words.delete_title, "title"),
                    Text(words.delete_question),
                    Bullets(words.delete_what),
                )
                return self._ask(learner, Erase(), words.delete_yes, blocks)
            case "forget":
                button = self.page_words["carry_title"]
                blocks = (Text(words.forget_question.format(button=button)),)
                return self._ask(learner, ForgetDevice(), words.forget_yes, blocks)
            case "signout":
                blocks = (Text(words.signout_question.format(word=self._form("link"))),)
                return self._ask(learner, SignOut(), words.signout_yes, blocks)
            case "certificate":
                return Answer(learner, errand=SeeCertificate())
            case "series":
                return Answer(learner, errand=SeeSeries())
            case "rename":
                return Answer(learner, errand=CorrectCertificate())
            case "feedback":
                return _said(learner, Text(words.feedback_none), *self.contact())
            case "pause":
                told = words.pause_said.format(word=self._form("hello"))
                return _said(learner, Text(told))
            case _:
                assert_never(name)

    def code(self, code: str, learner: Learner, now: datetime) -> Answer:
        """Have a code read that was typed; who tries many has to wait."""
        trying = trying_a_code(learner, now)
        if trying is None:
            told = self.words.link_tries.format(minutes=CODE_MINUTES, word=self._form("link"))
            return _said(learner, Text(told))
        return Answer(trying, errand=ReadCode(code))

    def confirmed(self, learner: Learner) -> Answer:
        """Do what was asked about."""
        return Answer(learner.unasked(), errand=learner.confirming)

    def declined(self, learner: Learner) -> Answer:
        """Leave everything as it is."""
        return _said(learner.unasked(), Text(self.words.nothing_done))

    def outcome(self, learner: Learner, came: AccountOutcome) -> Answer:
        """Say what came of an errand; what a code would join is said by `offer`."""
        words = self.words
        match came:
            case CodeMade():
                return self._made(learner, came)
            case CodeRefused(why="own"):
                return _said(learner, Text(words.link_own))
            case CodeRefused():
                told = words.link_wrong.format(minutes=CODE_MINUTES, word=self._form("link"))
                return _said(learner, Text(told))
            case Joined():
                return _said(learner, Notice("good", words.join_done))
            case Exported(path=path):
                about = Text(words.export_about.format(minutes=CODE_MINUTES), "small")
                title = Text(words.export_title, "title")
                return _said(learner, title, OwnLink(words.export_file, path), about)
            case Erased():
                told = words.deleted_what.format(**vars(came))
                title = Text(words.deleted_title, "title")
                return _said(learner, title, Text(words.deleted), Text(told))
            case DeviceForgotten():
                return _said(learner, Text(words.forgotten))
            case NoDevice():
                return _said(
                    learner, Text(words.forget_page_only.format(word=self._form("signout")))
                )
            case SignedOut():
                return _said(learner, Text(words.signed_out))
            case OthersReadAlong():
                return _said(learner, Text(words.only_us))
            case CodeRead():
                return Answer(learner)
            case _:
                assert_never(came)

    def offer(
        self,
        learner: Learner,
        came: CodeRead,
        would_be: Sequence[Kept],
        place: Callable[[Progress], str],
        title: Callable[[str], str],
    ) -> Answer:
        """Say what joining would do, and ask. `place` and `title` tell where one is in a lesson."""
        words = self.words
        lines = []
        for one in would_be:
            if not is_begun(one.progress):
                continue
            lesson, there = title(one.lesson), place(one.progress)
            if one.dropped is None or not is_begun(one.dropped):
                lines.append(words.join_goes_on.format(lesson=lesson, place=there))
                continue
            dropped = place(one.dropped)
            if one.is_here:
                told = words.join_keeps_here.format(lesson=lesson, here=there, there=dropped)
            else:
                told = words.join_keeps_there.format(lesson=lesson, there=there, here=dropped)
            lines.append(told)
        blocks: tuple[Block, ...] = (Text(words.join_title, "title"),)
        if lines:
            blocks = (*blocks, Text(words.join_begins), Bullets(tuple(lines)))
        blocks = (*blocks, Text(words.join_what_else, "small"))
        return self._ask(learner, Join(came.code), words.join_yes, blocks)

    def _ask(
        self, learner: Learner, what: Confirmed, yes: str, blocks: tuple[Block, ...]
    ) -> Answer:
        buttons = (
            Button(yes, Agree(str(what)), self._form("yes"), primary=True),
            Button(self.words.no, Command("no"), self._form("no")),
        )
        return Answer(replace(learner, confirming=what), blocks, buttons)

    def _made(self, learner: Learner, came: CodeMade) -> Answer:
        words = self.words
        code = f"{self.tutor_words.link_word} {came.code}"
        lasts = Text(words.link_lasts.format(minutes=CODE_MINUTES), "small")
        title = Text(words.link_title, "title")
        if came.place == "page":
            browser = Text(words.link_browser.format(button=self.page_words["carry_title"]))
            return _said(learner, title, Text(words.link_here.format(code=code)), browser, lasts)
        link = OwnLink(words.link_page, came.path)
        return _said(learner, title, Text(words.link_there.format(code=code)), link, lasts)

    def _privacy(self, learner: Learner) -> Answer:
        words = self.words
        blocks = (
            Text(words.privacy_title, "title"),
            Text(words.privacy_lead),
            Bullets(words.privacy_kept),
            *self.contact(),
            OwnLink(words.privacy_page, "/privacy"),
            OwnLink(words.terms_page, "/terms"),
        )
        buttons = (
            Button(words.export_button, Command("export"), self._form("export")),
            Button(words.delete_button, Command("delete"), self._form("delete")),
        )
        return Answer(learner, blocks, buttons)

    def contact(self) -> tuple[Block, ...]:
        """Who runs the tutor and where to write, as far as they say so."""
        words, operator = self.words, self.operator
        name, contact = operator.name, operator.contact
        if name and contact:
            told = words.contact_both.format(operator=name)
        elif name:
            told = words.contact_operator.format(operator=name)
        elif contact:
            told = words.contact_address
        else:
            told = words.contact_none
        link = (Weblink(contact, operator.href),) if operator.href else ()
        return (Text(told), *link)

    def _form(self, name: CommandName) -> str:
        """What is typed for a command."""
        return self.tutor_words.commands[name][0]


def trying_a_code(learner: Learner, now: datetime) -> Learner | None:
    """The learner, who tries one code more; None where they have to wait before the next.

    What was tried after `now` doesn't count: a clock that was set back keeps nobody waiting.
    """
    since = now - timedelta(minutes=CODE_MINUTES)
    tries = tuple(tried for tried in learner.codes_tried if since < tried <= now)
    if len(tries) >= MOST_TRIES:
        return None
    return replace(learner, codes_tried=(*tries, now))


def _said(learner: Learner, *blocks: Block) -> Answer:
    return Answer(learner, blocks)
