"""What goes over the wire, read by the SDK's own types: they know each part of it."""

from pathlib import Path
from typing import Any

import pytest
from botbuilder.schema import (
    ActionTypes,
    Activity,
    ActivityTypes,
    AdaptiveCardInvokeResponse,
    Attachment,
    ConversationReference,
    ErrorResponse,
    ExpectedReplies,
    InputHints,
    SuggestedActions,
)

from bot.channels import parse
from tests.channel.conftest import Connector, Start, Talk, data
from tests.channel.journey import Journey
from tests.channel.test_teams import TeamsTalk, begun


class Words(Talk):
    """The same on a channel that shows no cards."""

    channel = "sms"


def read(kind: Any, told: dict[str, Any]) -> Any:
    """Read JSON as this model of the SDK; it must know every name in it."""
    known = {part["key"] for part in kind._attribute_map.values()}  # noqa: SLF001 (msrest has no other way)
    assert set(told) <= known, kind
    return kind.deserialize(told)


def check(told: dict[str, Any]) -> None:
    """An activity of ours is one of the SDK's."""
    made = read(Activity, told)
    assert made.type in {ActivityTypes.message.value, ActivityTypes.typing.value}
    assert made.conversation.id == told["conversation"]["id"]
    assert (made.from_property.id, made.recipient.id) == (
        told["from"]["id"],
        told["recipient"]["id"],
    )
    assert made.reply_to_id
    assert made.timestamp
    if made.input_hint is not None:
        InputHints(made.input_hint)
    for attachment in told.get("attachments", []):
        assert read(Attachment, attachment).content["type"] == "AdaptiveCard"
    if "suggestedActions" in told:
        for action in read(SuggestedActions, told["suggestedActions"]).actions:
            ActionTypes(action.type)
            assert action.title


@pytest.mark.parametrize("kind", [Talk, Words])
async def test_replies_are_activities_of_the_sdk(
    start: Start, connector: Connector, tmp_path: Path, kind: type[Talk]
) -> None:
    talk = kind(await start(), connector)
    for text in ("hi", "begin", "help", "2", "next", "progress"):
        assert (await talk.send(talk.activity(text=text)))[0] == 202
    for told in await connector.until(6):
        check(told)
    if kind is Talk:
        journey = Journey(talk, f"sqlite:///{tmp_path}/tutor.db")
        await journey.look()
        for _ in range(12):
            replies = await journey.give(**journey.right())
            read(ExpectedReplies, {"activities": replies})
            for told in replies:
                check(told)


async def test_answers_to_teams_are_the_sdks(start: Start, connector: Connector) -> None:
    talk = TeamsTalk(await start(), connector)
    card = await begun(talk, connector)
    check(connector.sent[0])
    good = await talk.send(talk.execute(data(card, "Begin Exercise"), "m1"))
    bad = await talk.send(talk.execute({"stranger": True}, "m1"))
    for status, answer in (good, bad):
        assert status == 200
        assert read(AdaptiveCardInvokeResponse, answer).status_code == answer["statusCode"]
    ((_, update),) = await connector.updated(1)
    check(update)
    _, refusal = await talk.send({"type": "message"})
    assert read(ErrorResponse, refusal).error.message == refusal["error"]["message"]


def test_a_stored_address_is_a_reference_of_the_sdk() -> None:
    here = Connector(url="https://smba.example/")
    told = parse.inbound(TeamsTalk(None, here).activity(text="hi"))  # type: ignore[arg-type]
    reference = read(ConversationReference, dict(told.outlet.reference))
    assert reference.service_url == here.url
    assert (reference.user.id, reference.bot.id) == ("29:user1", "28:bot1")
    assert reference.conversation.id == "talk-user1"
