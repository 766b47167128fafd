"""What `converse` asks the shell to do at once, in the turn's own transaction.

What came of it (`dialogs/values/outcomes.py`) is answered in the same turn. Some wait for a yes:
the learner's document keeps which, and `str` names it for the button that agrees.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

_STORED = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class MakeCode:
    """Make a code that joins another place with this one."""


@dataclass(frozen=True)
class ReadCode:
    """See whose a code is."""

    code: str


@dataclass(frozen=True)
class Join:
    """Make one learner of whoever typed a code and whoever was given it; the code is spent."""

    __pydantic_config__ = _STORED

    code: str
    kind: Literal["join"] = "join"

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


@dataclass(frozen=True)
class Export:
    """Make a file of all that is kept about the learner."""


@dataclass(frozen=True)
class Erase:
    """Delete all that is kept about the learner."""

    __pydantic_config__ = _STORED

    kind: Literal["erase"] = "erase"

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class ForgetDevice:
    """Let the browser that the learner writes from no longer know them."""

    __pydantic_config__ = _STORED

    kind: Literal["forget-device"] = "forget-device"

    def __str__(self) -> str:
        return self.kind


@dataclass(frozen=True)
class SignOut:
    """Make everything worthless that brings the learner back, on all devices."""

    __pydantic_config__ = _STORED

    kind: Literal["sign-out"] = "sign-out"

    def __str__(self) -> str:
        return self.kind


Confirmed = Annotated[Join | Erase | ForgetDevice | SignOut, Field(discriminator="kind")]
Errand = MakeCode | ReadCode | Export | Join | Erase | ForgetDevice | SignOut
