"""Personal data in a text: addresses of mail, telephone numbers, cards, accounts.

What a number is, the numbering plans (phonenumbers) and check digits (python-stdnum) say, not
its looks: dates, sums and order numbers look like telephone numbers. Nobody's name is found,
and no address of a house. The time grows as the text does: a candidate is as long as such a
number can be, and each place is looked at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberMatcher,
    is_valid_number,
    parse,
)
from stdnum import iban, luhn
from stdnum.us import ssn

from content.strings import PersonalWords

Kind = Literal["mail", "phone", "card", "account", "social"]

# Whose own way of writing is known: with a 0 in front of the prefix, and without.
WITH_ZERO, WITHOUT = ("GB", "DE", "AT", "CH", "FR", "AU", "IN"), ("US",)
LOCAL = 64  # characters before the sign (RFC 5321)
ENOUGH = 20
CUE = 30  # characters before a number in which a word tells what it is
FEWEST, MOST = 7, 15  # digits of a telephone number (E.164)
NATIONAL = 10  # digits from which a word alone makes a number a telephone's
LONGEST = 30  # characters of one, with all that parts its digits

_LOCAL = re.compile(r"[\w+-][\w.!#$%&'*+/=?^`{|}~-]{0,63}")
_CARD = re.compile(
    r"(?<![\w-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{14,19})"
    r"(?!\w)"
)
# Who issues cards: Visa, Mastercard, American Express, Diners, JCB, and the others under 5 and 6.
_ISSUER = re.compile(
    r"4\d{15}(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|35\d{14}|(?:5[06-8]|6\d)\d{12,17}"
)
_ACCOUNT = re.compile(
    r"\b[A-Z]{2}\d\d(?:(?: [A-Z\d]{4}){2,7}(?: [A-Z\d]{1,3})?|[A-Z\d]{11,30})\b"
    r"|\b[a-z]{2}\d\d[a-z\d]{11,30}\b"
)
_SOCIAL = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.,/#$€£+-])(?<!\d:)[+(]{0,2}\d++"
    r"(?:(?:[ .\u2010-\u2013/-]|\)[ -]?|[ ]?\()\d++)*+(?!\w|[,:]\d)"
)
_DATE = re.compile(
    r"(?<![\d./-])(?:\d{1,2}([./-])\d{1,2}\1(?:\d\d){1,2}|\d{4}([./-])\d{1,2}\2\d{1,2})"
    r"(?!\d|[./-]\d)"
)
_NONE = re.compile(r"[+(]{0,2}\d+\.\d+|\d{5}-\d{4}")  # a decimal, a postal code of the USA
_ZERO = re.compile(r"\(?0[1-9]")
_OWN_GROUPS = re.compile(r"\(?0[1-9]\d+\D|0[1-9](?:[ .]\d\d){4}$")  # the 0 and a prefix, parted


@dataclass(frozen=True)
class Personal:
    """What looks like personal data between two offsets of a text."""

    kind: Kind
    start: int
    end: int


def personal_data(text: str, words: PersonalWords) -> tuple[Personal, ...]:
    """What looks like personal data, in the text's order; each place counts as one kind.

    Of a kind the first `ENOUGH` are looked for: who has more in a text has to look through it.
    """
    found: list[Personal] = []
    left = text
    for look in (_mails, _cards, _accounts, _social, _phones):
        here = list(islice(look(left, words), ENOUGH))
        found += here
        left = _without(left, here)
    return tuple(sorted(found, key=lambda f: f.start))


def _without(text: str, found: list[Personal]) -> str:
    """The text with something of the same length, which is nothing, where it was found."""
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], "\0" * (one.end - one.start)]
        at = one.end
    return "".join((*parts, text[at:]))


def _mails(text: str, words: PersonalWords) -> Iterator[Personal]:
    sign, domain = _mail_forms(words.at, words.dot)
    done = 0
    for at in sign.finditer(text):
        before = _LOCAL.match(text[max(done, at.start() - LOCAL) : at.start()][::-1])
        behind = domain.match(text, at.end())
        if before and behind:
            done = behind.end()
            yield Personal("mail", at.start() - before.end(), done)


@lru_cache(maxsize=16)
def _mail_forms(
    at: tuple[str, ...], dot: tuple[str, ...]
) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The sign in an address and the domain behind it, also where they are spelled out."""
    ats, dots = "|".join(map(re.escape, at)), "|".join(map(re.escape, dot))
    label = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
    spelled = rf"(?<=\w)\s(?:{ats})\s(?={label}\s(?:{dots})\s)"
    point = rf"\.|\s?[(\[{{<](?:{dots}|\.)[)\]}}>]\s?|\s(?:{dots})\s"
    return (
        re.compile(rf"@|\s?[(\[{{<](?:{ats}|@)[)\]}}>]\s?|{spelled}", re.IGNORECASE),
        re.compile(rf"(?:{label}(?:{point})){{1,8}}[^\W\d_]{{2,24}}\b", re.IGNORECASE),
    )


def _cards(text: str, _words: PersonalWords) -> Iterator[Personal]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _ISSUER.fullmatch(digits) and luhn.is_valid(digits):
            yield Personal("card", *found.span())


def _accounts(text: str, _words: PersonalWords) -> Iterator[Personal]:
    for found in _ACCOUNT.finditer(text):
        number = found[0]
        # The last words may be others.
        while number and not iban.is_valid(number, check_country=False):
            number = number.rpartition(" ")[0]
        if number:
            yield Personal("account", found.start(), found.start() + len(number))


def _social(text: str, _words: PersonalWords) -> Iterator[Personal]:
    for found in _SOCIAL.finditer(text):
        if ssn.is_valid(found[0]):
            yield Personal("social", *found.span())


def _phones(text: str, words: PersonalWords) -> Iterator[Personal]:
    cue, other = _cues(words.cues), _cues(words.others)
    for pattern in (_DATE, _SOCIAL):
        text = pattern.sub(lambda m: "\0" * len(m[0]), text)
    for run in _PHONE.finditer(text):
        if len(run[0]) > LONGEST or sum(map(str.isdecimal, run[0])) < FEWEST:
            continue
        before = text[max(0, run.start() - CUE) : run.start()]
        called, named = (_last(words, before) for words in (cue, other))
        if named > called:
            continue
        if _is_phone(run[0], cued=called > 0):
            yield Personal("phone", *run.span())


@lru_cache(maxsize=16)
def _cues(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _last(words: re.Pattern[str], text: str) -> int:
    """Where the last of some words ends; 0 where there is none."""
    return max((m.end() for m in words.finditer(text)), default=0)


@lru_cache(maxsize=4096)
def _is_phone(run: str, *, cued: bool) -> bool:
    """Whether a plan knows the number.

    Written for abroad, it has to be valid. Written for at home, its prefix must begin with a 0
    and be parted, or its groups must be those of the country; behind a cue, any way will do.
    """
    digits = re.sub(r"\D", "", run)
    if _NONE.fullmatch(run):
        return False
    if not FEWEST <= len(digits) <= MOST + 2:
        return False
    if run.lstrip("(").startswith(("+", "00")):
        return _valid("+" + digits.removeprefix("00"), None)
    if cued and (_ZERO.match(run) or len(digits) >= NATIONAL):
        return any(_valid(run, r) for r in (*WITH_ZERO, *WITHOUT))
    if _OWN_GROUPS.match(run):
        return any(_valid(run, r) for r in WITH_ZERO)
    return digits != run and any(_valid(run, r) and _grouped(run, r) for r in WITHOUT)


def _valid(run: str, region: str | None) -> bool:
    """Whether the number is one by the plan of a region, or by its own country's prefix."""
    if region and not _fits(re.sub(r"\D", "", run), region):
        return False  # a tenth of the work, and most candidates end here
    try:
        return is_valid_number(parse(run, region))
    except NumberParseException:
        return False


def _fits(digits: str, region: str) -> bool:
    """Whether the digits are a number of a region, with or without what is dialled before it."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        return False
    pattern = metadata.general_desc.national_number_pattern or ""
    prefix = metadata.national_prefix or ""
    bare = (digits, digits.removeprefix(prefix), digits.removeprefix(str(metadata.country_code)))
    return any(re.fullmatch(pattern, number) for number in bare)


def _grouped(run: str, region: str) -> bool:
    strict = PhoneNumberMatcher(run, region, leniency=Leniency.STRICT_GROUPING)
    return any(m.end - m.start > len(run) - 2 for m in strict)
