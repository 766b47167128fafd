"""Sets certificates: as a PDF that programs can read aloud, and as a picture of it.

Typst sets both from one template, with fonts of our own alone. It refuses to write a PDF in which
a sign couldn't be drawn, so it is also asked whether a name can be.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Literal

import segno
import typst

from content.strings import CertificateStrings
from dialogs.records.wording import dated, scored
from dialogs.values.certificate import Certificate

FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
TEMPLATE = Path(__file__).with_name("certificate.typ")
# A page on which nothing but a name stands.
TRIAL = b"""#set document(title: "name", date: none)
#set text(font: "Noto Sans")
#sys.inputs.name"""
READABLE: Literal["ua-1"] = "ua-1"  # PDF/UA: its text is there as text, and every sign is drawn
PPI = 96  # of the picture: some 1,100 pixels wide
KEPT = 64  # of the newest papers; one is some 60 kB

Form = Literal["pdf", "png"]


@dataclass(frozen=True)
class Paper:
    """A certificate and the words around it; `address` is where it can be checked."""

    certificate: Certificate
    words: CertificateStrings
    address: str

    @property
    def given(self) -> str:
        """What the template is filled with."""
        words, certificate = self.words, self.certificate
        claim = certificate.claim
        facts = (dated(words, certificate), scored(words, certificate))
        told = {
            "lang": claim.locale.partition("-")[0],
            "document": f"{words.paper_lead}: {certificate.name}, {claim.title}",
            "lead": words.paper_lead,
            "name": certificate.name,
            "completed": words.paper_completed,
            "lesson": claim.title,
            "facts": [fact for fact in facts if fact],
            "demonstrated_title": words.paper_demonstrated,
            "demonstrated": [(one.phase, one.points) for one in claim.demonstrated],
            "points": sum(len(one.points) for one in claim.demonstrated),
            "issuer": certificate.issuer,
            "issued": words.paper_issuer.format(issuer=certificate.issuer),
            "check": words.paper_check.format(address=self.address),
            "qr": qr(self.address),
            "qr_alt": words.paper_qr,
        }
        return json.dumps(told)


def paper(of: Paper, form: Form) -> bytes:
    """The certificate, the same bytes each time; it takes a tenth of a second."""
    return _set(of.given, form)


def undrawable(name: str) -> str | None:
    """The first sign of a name that none of the fonts has; None when all can be drawn."""
    if _is_drawn(name):
        return None
    good, bad = 0, len(name)  # so many signs can be drawn, so many can't
    while bad - good > 1:
        middle = (good + bad) // 2
        if _is_drawn(name[:middle]):
            good = middle
        else:
            bad = middle
    return name[good]


@lru_cache(KEPT)
def _set(given: str, form: Form) -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format=form,
        ppi=PPI,
        sys_inputs={"given": given},
        pdf_standards=READABLE if form == "pdf" else None,
    )
    return made if isinstance(made, bytes) else b"".join(made or ())


def _is_drawn(name: str) -> bool:
    try:
        typst.compile(
            TRIAL,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"name": name},
            pdf_standards=READABLE,
        )
    except typst.TypstError:
        return False
    return True


@cache
def fonts() -> typst.Fonts:
    """Fonts for all that is set, of our own alone."""
    folders = [str(files(package)) for package in FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def qr(address: str) -> str:
    """An address to scan, as an SVG."""
    written = BytesIO()
    segno.make(address, error="m").save(written, kind="svg", border=2, light="#fff")
    return written.getvalue().decode()
