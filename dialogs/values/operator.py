"""Who runs the tutor, as learners are told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """A name and an address to write to; empty where nothing was said.

    `paper` and `repository` are where those who were at a session read on; `is_hosting` says
    whether sessions can be hosted here.
    """

    name: str = ""
    contact: str = ""
    paper: str = ""
    repository: str = ""
    is_hosting: bool = False

    @property
    def href(self) -> str | None:
        """What a link to the contact leads to; None where there is none."""
        if not self.contact:
            return None
        return self.contact if "://" in self.contact else f"mailto:{self.contact}"
