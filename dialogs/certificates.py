"""What is said of a certificate: whose name stands on it, how it looks, where it is checked.

The shell finds and issues it, since it is made of facts; what came of that is answered here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from content.strings import CertificateStrings, CommandName, TutorStrings
from dialogs.account import Answer
from dialogs.records import names
from dialogs.records.names import NotAName
from dialogs.records.wording import dated, scored
from dialogs.values.actions import Agree, Command, Own
from dialogs.values.certificate import BADGE, FILE, PICTURE
from dialogs.values.errands import CheckName, Issue
from dialogs.values.outcomes import (
    CertificateHeld,
    CertificateOutcome,
    CertificateWithdrawn,
    NameChecked,
    NameWanted,
    NothingCompleted,
    SeriesOpen,
)
from dialogs.values.progress import Learner
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Dialogue,
    Notice,
    OwnLink,
    OwnPicture,
    Text,
    Utterance,
    Weblink,
    Write,
)

NAME = "certificate-name"  # the input that holds it
GIVE = Own("name-certificate")


@dataclass(frozen=True)
class Certificates:
    """The words for a learner."""

    words: CertificateStrings
    tutor_words: TutorStrings
    contact: Callable[[], tuple[Block, ...]]

    def named(self, learner: Learner, lesson: str, text: str) -> Answer:
        """Have a name checked that was written; or say why it is none, and wait for another."""
        name = names.read(text, self.words.name_leads)
        if isinstance(name, NotAName):
            told = self.words.not_a_name[name.why].format(longest=names.LONGEST)
            return self._wanted(learner, lesson, "", Notice("info", told))
        return Answer(replace(learner, naming=None), errand=CheckName(lesson, name))

    def outcome(self, learner: Learner, came: CertificateOutcome) -> Answer:
        """Say what came of an errand."""
        words = self.words
        match came:
            case NothingCompleted():
                told = words.none.format(word=self._form("progress"))
                return Answer(learner, (Text(told),))
            case SeriesOpen(left=left):
                return Answer(learner, (Text(words.series_open), Bullets(left)))
            case NameWanted(lesson=lesson, title=title, suggested=suggested):
                lead = Text(words.ready.format(lesson=title))
                return self._wanted(learner, lesson, suggested, lead)
            case NameChecked(lesson=lesson, name=name, undrawable=str(sign)):
                refused = Notice("warning", words.undrawable.format(sign=sign))
                return self._wanted(learner, lesson, name, refused)
            case NameChecked(lesson=lesson, name=name):
                return self._confirm(learner, Issue(lesson, name))
            case CertificateHeld():
                return self._held(learner, came)
            case CertificateWithdrawn(title=title):
                told = words.withdrawn.format(lesson=title)
                return Answer(learner, (Text(told), *self.contact()))

    def _wanted(self, learner: Learner, lesson: str, suggested: str, lead: Block) -> Answer:
        """Ask for the name; `suggested` stands in the field."""
        words = self.words
        blocks: tuple[Block, ...] = (
            Text(words.title, "title"),
            lead,
            Write(NAME, words.name_label, words.name_placeholder, suggested, long=False),
            Text(words.name_how, "small"),
        )
        check = Button(words.name_check, GIVE, words.name_check, primary=True)
        return Answer(replace(learner, naming=lesson, confirming=None), blocks, (check,))

    def _confirm(self, learner: Learner, issue: Issue) -> Answer:
        """Show the name as it will stand there, and ask."""
        words = self.words
        blocks: tuple[Block, ...] = (
            Text(words.confirm_title, "title"),
            Dialogue((Utterance(words.confirm_label, issue.name, "customer"),)),
            Text(words.confirm_about, "small"),
        )
        buttons = (
            Button(words.confirm_yes, Agree(str(issue)), self._form("yes"), primary=True),
            Button(words.confirm_other, Command("rename"), self._form("rename")),
            Button(words.confirm_no, Command("no"), self._form("no")),
        )
        return Answer(replace(learner, confirming=issue), blocks, buttons)

    def _held(self, learner: Learner, came: CertificateHeld) -> Answer:
        """The certificate: a picture of it, and where it is had, checked and shown."""
        words, certificate = self.words, came.certificate
        score, day = scored(words, certificate), dated(words, certificate)
        shown = words.picture.format(
            name=certificate.name, lesson=certificate.claim.title, date=day, score=score
        )
        blocks = (
            Text(words.title, "title"),
            OwnPicture(f"{certificate.path}/{PICTURE}", " ".join(shown.split())),
            OwnLink(words.file, f"{certificate.path}/{FILE}"),
            OwnLink(words.page, certificate.path),
            Weblink(words.linkedin, came.linkedin),
            OwnLink(words.badge, f"{certificate.path}/{BADGE}"),
            Text(words.about.format(word=self._form("rename")), "small"),
        )
        correct = Button(words.rename, Command("rename"), self._form("rename"))
        return Answer(learner, blocks, (correct,))

    def _form(self, name: CommandName) -> str:
        """What is typed for a command."""
        return self.tutor_words.commands[name][0]
