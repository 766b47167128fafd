"""A certificate's day and score in words."""

from content.strings import CertificateStrings
from dialogs.values.certificate import Certificate


def dated(words: CertificateStrings, certificate: Certificate) -> str:
    """The day of completion, with what it is the day of where nobody knows better."""
    day = certificate.day
    told = words.date.format(day=day.day, month=words.months[day.month - 1], year=day.year)
    return words.date_utc.format(date=told) if certificate.is_utc else told


def scored(words: CertificateStrings, certificate: Certificate) -> str:
    """The score; empty where there is none."""
    percent, attempt = certificate.percent, certificate.claim.attempt
    if percent is None:
        return ""
    if attempt is None:
        return words.paper_score.format(percent=percent)
    return words.paper_score_at.format(percent=percent, attempt=attempt)
