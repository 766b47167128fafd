"""A setting that can't be is told in one sentence that says what to change."""

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, read


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


def lrs(endpoint: str, name: str = "tutor") -> dict[str, str]:
    """A learning record store."""
    return {"LRS_ENDPOINT": endpoint, "LRS_USERNAME": name, "LRS_PASSWORD": "secret"}


def test_without_any_setting_the_tutor_starts() -> None:
    assert read(None).address == "http://127.0.0.1:3978"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"HOST": "0.0.0.0"}, ["MicrosoftAppId", "CHANNELS=web"]),
        ({"PORT": "many"}, ["PORT"]),
        ({"PORT": "70000"}, ["PORT"]),
        ({"PUBLIC_URL": "tutor.example"}, ["PUBLIC_URL", "https://"]),
        ({"DATABASE_URL": "mysql://x:secret@y"}, ["DATABASE_URL", "postgresql://"]),
        ({"DATABASE_URL": "sqlite:///"}, ["DATABASE_URL", "file"]),
        ({"DATABASE_URL": "sqlite:///:memory:"}, ["DATABASE_URL", "file"]),
        ({"DATABASE_URL": "postgresql://u:secret@host:port/db"}, ["DATABASE_URL"]),
        ({"MicrosoftAppId": "an-id"}, ["MicrosoftAppPassword"]),
        ({"MicrosoftAppId": "an-id", "MicrosoftAppPassword": "secret"}, ["MicrosoftAppTenantId"]),
        ({"CHANNELS": "some"}, ["CHANNELS"]),
        ({"ALLOWED_ORIGINS": "https://a.example/path"}, ["ALLOWED_ORIGINS", "no path"]),
        ({"DIRECT_LINE_SECRET": "secret"}, ["DIRECT_LINE_SECRET", "MicrosoftAppId"]),
        ({"DIRECT_LINE_SECRET": "secret", "CHANNELS": "web"}, ["CHANNELS=web"]),
        ({"DIRECT_LINE_SECRET": "secret", "DIRECT_LINE_URL": "x"}, ["DIRECT_LINE_URL"]),
        ({"CONTACT": "javascript:alert(1)"}, ["CONTACT", "e-mail"]),
        ({"CONTACT": "Ada Lovelace"}, ["CONTACT", "https://"]),
        ({"LRS_PASSWORD": "secret"}, ["LRS_ENDPOINT", "LRS_USERNAME"]),
        (lrs("http://lrs.example/xapi"), ["LRS_ENDPOINT", "https://"]),
        (lrs("lrs.example"), ["LRS_ENDPOINT", "https://"]),
        (lrs("https://lrs.example/xapi", "tutor:secret"), ["LRS_USERNAME"]),
        ({"INSIGHTS_TENANT": "contoso"}, ["INSIGHTS_TENANT", "36"]),
        ({"INSIGHTS_TENANT": "0a1b2c3d" + "-1234" * 3 + "-0123456789ab"}, ["CONTAINER_APP_NAME"]),
        ({"RETENTION_DAYS": "0"}, ["RETENTION_DAYS", "30"]),
        ({"RETENTION_DAYS": "29"}, ["RETENTION_DAYS", "30"]),
        ({"RETENTION_DAYS": "a year"}, ["RETENTION_DAYS", "integer"]),
        ({"HOST_TOKEN": "secret"}, ["HOST_TOKEN", "16"]),
        ({"HOST_IDS": "ann@example.org"}, ["HOST_IDS", "ann@example.org"]),
        ({"HOST_TOKEN": "secret with spaces in it"}, ["HOST_TOKEN", "16"]),
        ({"INSIGHTS_TOKEN": "secret-und-süß-und-lang"}, ["INSIGHTS_TOKEN", "16"]),
    ],
)
def test_a_bad_setting_is_told_in_one_sentence(
    settings: dict[str, str], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read(None)
    told = str(caught.value)
    assert len(told.splitlines()) == 1
    assert told.endswith(".")
    assert all(word in told for word in words), told
    assert "secret" not in told


def test_good_tokens_are_taken_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_TOKEN", "a-token-of-sixteen")
    monkeypatch.setenv("INSIGHTS_TOKEN", "another~token!of:sixteen")
    settings = read(None)
    assert settings.host_token == "a-token-of-sixteen"
    assert "sixteen" not in repr(settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, []),
        ({"PUBLIC_URL": "http://127.0.0.1:3978"}, []),
        ({"PUBLIC_URL": "https://tutor.example"}, ["PROXIES"]),
        ({"PUBLIC_URL": "https://tutor.example", "PROXIES": "1"}, []),
        ({"MicrosoftAppId": "an-id"}, ["PUBLIC_URL"]),
        ({"MicrosoftAppId": "an-id", "PUBLIC_URL": "https://a.example"}, ["PROXIES"]),
    ],
)
def test_what_is_hardly_meant_is_told_in_a_sentence(
    settings: dict[str, str], words: list[str]
) -> None:
    doubts = Settings.model_validate(settings).doubts
    assert len(doubts) == len(words)
    for doubt, word in zip(doubts, words, strict=True):
        assert f"set {word}" in doubt
        assert doubt.endswith(".")
