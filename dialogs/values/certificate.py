"""A completion certificate: what it says, as it was issued. It never changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict

STORED = ConfigDict(extra="forbid")
# What there is of each, below its page.
PICTURE, FILE, BADGE = "picture.png", "certificate.pdf", "badge.jwt"


@dataclass(frozen=True)
class Demonstrated:
    """What was shown in one phase of a lesson, point by point."""

    __pydantic_config__ = STORED

    phase: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """What the facts say about one who completed a lesson, in the words of one language.

    `score`, 0.0 to 1.0, is that of the final quiz where there is one, reached at its `attempt`,
    which counts from 1; else the mean of all assessed steps. None: not noted in those days.
    """

    __pydantic_config__ = STORED

    lesson: str
    title: str
    locale: str
    demonstrated: tuple[Demonstrated, ...]
    completed_at: datetime
    score: float | None = None
    attempt: int | None = None


@dataclass(frozen=True)
class Certificate:
    """A claim with the name that the learner confirmed, issued by `issuer`.

    `id` names it for ever and can't be guessed. `zone` is the learner's time zone, by its name in
    the IANA database; None where no client told it.
    """

    __pydantic_config__ = STORED

    id: str
    name: str
    claim: Claim
    issuer: str
    issued_at: datetime
    zone: str | None = None

    @property
    def path(self) -> str:
        """Where everybody can check it, on the tutor's own site."""
        return f"/certificates/{self.id}"

    @property
    def day(self) -> date:
        """The day on which the lesson was completed, where the learner was; else in UTC."""
        return self.claim.completed_at.astimezone(self._zone or UTC).date()

    @property
    def is_utc(self) -> bool:
        """Whether the day is UTC's, for want of a better one."""
        return self._zone is None

    @property
    def percent(self) -> str | None:
        """The score, as people read it."""
        score = self.claim.score
        return None if score is None else f"{score * 100:.0f}"

    @property
    def _zone(self) -> ZoneInfo | None:
        try:
            return ZoneInfo(self.zone) if self.zone else None
        except (ValueError, ZoneInfoNotFoundError):  # a name of other days
            return None
