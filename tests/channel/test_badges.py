"""The signed badge, judged by others' libraries: its shape by one, its signature by another."""

import time
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.records.issuing import KEYS
from bot.records.signing import SigningKey, checked, jwk, seed_of
from dialogs.records import badge
from dialogs.values.certificate import Certificate, Claim, Demonstrated
from tests.badge_judge import judged, prepared

ADDRESS = "https://tutor.example.org"
KEY = SigningKey(bytes(range(32)))
KID = f"{ADDRESS}{KEYS}/{KEY.thumbprint}"
DONE = datetime(2026, 7, 4, 2, 30, tzinfo=UTC)


def credential(*, score: float | None = 0.925) -> dict[str, Any]:
    """The claims of a certificate."""
    shown = (Demonstrated("Prepare", ("Write a line", "Check it")), Demonstrated("Train", ("Run",)))
    claim = Claim("polite-chatbot", "Fine-Tuning", "en", shown, DONE, score, 1)
    issued = Certificate("id", "Zoë Ćwiek", claim, "Ada & Co", DONE + timedelta(days=7))
    return badge.credential(issued, ADDRESS)


def signed(claims: dict[str, Any], key: SigningKey = KEY) -> str:
    return key.signed(claims, KID)


@pytest.mark.slow
def test_others_accept_what_is_right_and_refuse_what_is_wrong(tmp_path: Path) -> None:
    good, no_subject, no_criteria, expired, other = (deepcopy(credential()) for _ in range(5))
    del no_subject["sub"]
    del no_subject["credentialSubject"]["id"]
    del no_subject["credentialSubject"]["identifier"]
    del no_criteria["credentialSubject"]["achievement"]["criteria"]
    elsewhere = {**deepcopy(good), "sub": "urn:uuid:other"}
    expired["exp"] = int(time.time()) - 3600
    other["credentialSubject"]["identifier"][0]["identityHash"] = "Bob"
    head, _, mark = signed(good).split(".")
    tampered = f"{head}.{signed(other).split('.')[1]}.{mark}"
    given = {
        "good": {"claims": good, "token": signed(good)},
        "without a score": {"claims": credential(score=None), "token": signed(good)},
        "tampered": {"claims": other, "token": tampered},
        "of another key": {"claims": good, "token": signed(good, SigningKey(bytes(32)))},
        "expired": {"claims": expired, "token": signed(expired)},
        "without a subject": {"claims": no_subject, "token": signed(no_subject)},
        "of another subject": {"claims": elsewhere, "token": signed(elsewhere)},
        "without criteria": {"claims": no_criteria, "token": signed(no_criteria)},
    }
    keys = [{**jwk(KEY.public), "kid": KID, "alg": "EdDSA"}]
    said = judged(prepared(tmp_path), keys, given)
    assert said["good"] == said["without a score"] == {"shape": "", "signed": ""}
    assert said["tampered"]["signed"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
    assert said["of another key"]["signed"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
    assert said["expired"]["signed"] == "ERR_JWT_EXPIRED"
    assert "criteria" in said["without criteria"]["shape"]
    # Its shape alone would pass.
    assert said["without a subject"]["signed"] == "ERR_JWT_CLAIM_VALIDATION_FAILED"
    # Ours are no milder.
    known = {KEY.thumbprint: KEY.public}
    fine = {name: checked(str(one["token"]), known) is not None for name, one in given.items()}
    assert {name for name, is_fine in fine.items() if not is_fine} == {
        *("tampered", "of another key", "expired", "without a subject", "of another subject"),
    }


def test_a_badge_keeps_to_the_order_of_contexts_and_lists_of_types() -> None:
    claims = credential()
    assert claims["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    subject = claims["credentialSubject"]
    for one in (claims, subject, subject["achievement"], claims["issuer"]):
        assert isinstance(one["type"], list)
    assert claims["validFrom"] == "2026-07-04T02:30:00Z"
    assert claims["nbf"] == int(DONE.timestamp())
    assert (claims["jti"], claims["sub"], claims["iss"]) == (claims["id"], subject["id"], ADDRESS)
    assert "vc" not in claims


def test_a_key_is_named_as_its_standard_says() -> None:
    # RFC 8037, appendix A: a key, and its thumbprint.
    seed = seed_of("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
    assert jwk(SigningKey(seed).public)["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert SigningKey(seed).thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("wrong", ["", "none", "AAAA", "A" * 44, "%" * 43])
def test_what_is_no_key_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="it "):
        seed_of(wrong)
