"""Does at once what a learner asks about their certificate."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.activity.address import Address
from bot.records import issuing, typesetting
from bot.records.issuing import Issuer
from bot.store import certificates, facts
from content.lesson import Lesson
from content.loader import ORIGINAL
from dialogs.records import badge, claims
from dialogs.tutor import Tutor
from dialogs.values.certificate import Certificate, Claim
from dialogs.values.errands import CheckName, CorrectCertificate, Issue, SeeCertificate, SeeSeries
from dialogs.values.facts import LessonCompleted
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

CertificateErrand = SeeCertificate | SeeSeries | CorrectCertificate | CheckName | Issue


@dataclass(frozen=True)
class Certifying:
    """Finds and issues certificates for the learner of a turn, in the place where it is."""

    tutor: Tutor
    issuer: Issuer
    outlet: Address
    now: datetime

    def run(
        self, db: Connection, errand: CertificateErrand, learner: Learner
    ) -> CertificateOutcome:
        """Do an errand."""
        match errand:
            case SeeCertificate():
                return self._see(db, learner)
            case SeeSeries():
                return self._see_series(db, learner)
            case CorrectCertificate():
                return self._correct(db, learner)
            case CheckName(lesson=lesson, name=name):
                return NameChecked(lesson, name, typesetting.undrawable(name))
            case Issue():
                return self._issue(db, errand, learner)

    def _see(self, db: Connection, learner: Learner) -> CertificateOutcome:
        lesson = self._lesson(db, learner)
        if lesson is None:
            return NothingCompleted()
        kept = issuing.valid(db, learner.id, lesson.id)
        if kept:
            return self._held(kept[0].certificate)
        return self._wanted(db, learner, lesson.id, lesson.title)

    def _see_series(self, db: Connection, learner: Learner) -> CertificateOutcome:
        kept = issuing.valid(db, learner.id, claims.SERIES)
        if kept:
            return self._held(kept[0].certificate)
        made = facts.of(db, learner.id)
        left = [one.title for one in self._lessons(learner) if claims.claim(one, made) is None]
        if left:
            return SeriesOpen(tuple(left))
        return self._wanted(db, learner, claims.SERIES, self._series_title(learner))

    def _correct(self, db: Connection, learner: Learner) -> CertificateOutcome:
        """Ask for another name: for the whole series, where its certificate is the newest."""
        valid = (one for one in certificates.of(db, learner.id) if one.why is None)
        newest = next(valid, None)
        if newest and newest.certificate.claim.lesson == claims.SERIES:
            return self._wanted(db, learner, claims.SERIES, newest.certificate.claim.title)
        lesson = self._lesson(db, learner)
        if lesson is None:
            return NothingCompleted()
        return self._wanted(db, learner, lesson.id, lesson.title)

    def _wanted(
        self, db: Connection, learner: Learner, lesson: str, title: str
    ) -> CertificateOutcome:
        """Ask for a name, unless the last certificate was withdrawn."""
        before = self._latest(db, learner, lesson)
        if before and before.why == "withdrawn":
            return CertificateWithdrawn(title)
        name = before.certificate.name if before else self.outlet.addressee
        return NameWanted(lesson, title, name)

    def _claim(self, db: Connection, learner: Learner, name: str) -> Claim | None:
        """What a lesson's certificate, or the whole series', would say."""
        made = facts.of(db, learner.id)
        if name == claims.SERIES:
            locale = self.tutor.language(learner.locale or ORIGINAL)
            return claims.series(self._series_title(learner), locale, self._lessons(learner), made)
        lesson = self.tutor.edition(learner, name)
        return claims.claim(lesson, made) if lesson else None

    def _lessons(self, learner: Learner) -> list[Lesson]:
        return [self.tutor.edition(learner, one.id) or one for one in self.tutor.lessons]

    def _series_title(self, learner: Learner) -> str:
        return self.tutor.strings(learner).certificate.series_title

    def _issue(self, db: Connection, errand: Issue, learner: Learner) -> CertificateOutcome:
        before = self._latest(db, learner, errand.lesson)
        if before and before.why == "withdrawn":
            return CertificateWithdrawn(before.certificate.claim.title)
        zone = self.outlet.surface.zone
        claim: Claim | None
        if before:  # another name, and nothing else
            claim, zone = before.certificate.claim, before.certificate.zone
        else:
            claim = self._claim(db, learner, errand.lesson)
        if claim is None or typesetting.undrawable(errand.name) is not None:
            return NothingCompleted()
        issued = self.issuer.issue(db, learner.id, claim, errand.name, zone=zone, now=self.now)
        return self._held(issued)

    def _latest(
        self, db: Connection, learner: Learner, lesson: str
    ) -> certificates.KeptCertificate | None:
        """The newest certificate of a lesson, valid or not."""
        found = certificates.of(db, learner.id)
        return next((one for one in found if one.certificate.claim.lesson == lesson), None)

    def _lesson(self, db: Connection, learner: Learner) -> Lesson | None:
        """The lesson that the learner is in, if it was completed; else the last one that was."""
        completed = [one for one in facts.of(db, learner.id) if isinstance(one, LessonCompleted)]
        names = [one.lesson for one in sorted(completed, key=lambda one: one.at, reverse=True)]
        if learner.lesson in names:
            names.insert(0, learner.lesson)
        return next((one for name in names if (one := self.tutor.edition(learner, name))), None)

    def _held(self, certificate: Certificate) -> CertificateHeld:
        return CertificateHeld(certificate, badge.on_linkedin(certificate, self.issuer.address))
