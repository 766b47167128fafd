"""Signed addresses of what cards point at: each signature is good for one purpose alone."""

import hmac
import time
from dataclasses import dataclass
from hashlib import sha256

from cards import charts
from dialogs.values.replies import Bars, Chart, Screen

SIGNATURE = 24  # hexadecimal digits, 96 bits: enough for what is only worth a picture
FILE_S = 24 * 3600  # how long a file's address is good


@dataclass(frozen=True)
class LearnerPass:
    """For whom an address does something, and when it was made, in seconds since 1970.

    It does nothing any more when all of the learner's sessions were ended after that.
    """

    learner: str
    made: float

    @property
    def is_young(self) -> bool:
        """Whether it may still open a file."""
        return time.time() - self.made < FILE_S


@dataclass(frozen=True)
class Signer:
    """Where the tutor is reached, and the key that signs its links.

    The own page may be opened at other addresses than `url`, such as `localhost`.
    """

    url: str
    key: bytes

    def links(self, learner: str, origin: str | None = None) -> "LearnerLinks":
        """The links for one learner's cards, below `origin` where that is known."""
        return LearnerLinks(self, learner, origin or self.url)

    def sign(self, what: str) -> str:
        """A signature that only we can make."""
        return hmac.new(self.key, what.encode(), sha256).hexdigest()[:SIGNATURE]

    def is_signed(self, what: str, signature: str) -> bool:
        """Whether the signature is ours."""
        return hmac.compare_digest(self.sign(what).encode(), signature.encode())

    def sign_for(self, use: str, learner: str) -> str:
        """A learner's id, signed: who shows it may use one thing in their place."""
        return f"{learner}.{self.sign(f'{use} {learner}')}"

    def learner_of(self, use: str, code: str) -> str | None:
        """The learner for whom this was signed; None when it wasn't by us."""
        learner, _, signature = code.partition(".")
        return learner if self.is_signed(f"{use} {learner}", signature) else None

    def sign_chart(self, description: str) -> str:
        """The signature of a chart's description."""
        return self.sign(f"chart {description}")

    def is_chart(self, description: str, signature: str) -> bool:
        """Whether we signed a chart's description; before there were purposes, it was alone."""
        return any(self.is_signed(f"{use}{description}", signature) for use in ("chart ", ""))

    def sign_pass(self, use: str, learner: str) -> str:
        """A learner's id and the time, signed for one use."""
        made = int(time.time() * 1000)
        return f"{learner}.{made}.{self.sign(f'{use} {learner} {made}')}"

    def learner_pass(self, use: str, code: str) -> LearnerPass | None:
        """What such a pass says, however old it is; None when it isn't ours, or for this use."""
        learner, _, rest = code.partition(".")
        made, _, signature = rest.rpartition(".")
        if not made:  # as they were without a time
            return LearnerPass(learner, 0) if self.learner_of(use, code) else None
        signed = self.is_signed(f"{use} {learner} {made}", signature)
        return LearnerPass(learner, int(made) / 1000) if signed else None


@dataclass(frozen=True)
class LearnerLinks:
    """The addresses on the cards of one learner."""

    address: Signer
    learner: str
    origin: str

    def chart(self, chart: Chart | Bars | Screen) -> str:
        """A chart's picture; the description is in the address, so that nothing is stored."""
        description = charts.encode(chart)
        return f"{self.origin}/charts/{self.address.sign_chart(description)}.{description}.png"

    def media(self, lesson: str, source: str) -> str:
        """A picture of the lesson's files."""
        return f"{self.origin}/media/{lesson}/{source}"

    def file(self, lesson: str, name: str) -> str:
        """A file made for the learner: who has the address may read it, for `FILE_S`."""
        return f"{self.origin}/files/{self.address.sign_pass('file', self.learner)}/{lesson}/{name}"

    def page(self, path: str) -> str:
        """A page of the tutor's own."""
        return f"{self.origin}{path}"

    def bring_url(self, lesson: str) -> str:
        """Where the learner brings a file of their own."""
        return f"/api/file/{self.address.sign_pass('bring', self.learner)}/{lesson}"

    def check_url(self, lesson: str, step: str) -> str:
        """The live check of a line that the learner writes."""
        return f"/api/check/{self.address.sign_for('check', self.learner)}/{lesson}/{step}"
