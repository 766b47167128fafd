"""What a channel sends, as the tutor reads it: nothing is cut, no word is altered."""

from typing import Any

import pytest

from bot.channels import parse
from dialogs.values.events import Arrived, Called, Event, Installed, Typed, Wordless

BOT = "28:bot"
QUOTED = '{"messages": [{"role": "assistant", "content": "Choose &quot;Forgot password&quot;."}]}'
TAGGED = '{"messages": [{"role": "user", "content": "Write to <at>support</at>, a < b &amp; c"}]}'
GIF = {"contentType": "image/gif", "contentUrl": "https://example.com/g.gif"}


def mention(text: str, who: str = BOT) -> dict[str, Any]:
    return {"type": "mention", "text": text, "mentioned": {"id": who}}


def formatted(html: str) -> dict[str, Any]:
    return {"contentType": "text/html", "content": html}


def said(text: object, channel: str = "msteams", **parts: Any) -> Event:
    return parse.said({"channelId": channel, "text": text, **parts}, BOT)


@pytest.mark.parametrize("channel", ["emulator", "directline", "webchat", "slack", "msteams"])
@pytest.mark.parametrize("text", [QUOTED, TAGGED, "x" * 14_000, "a &nbsp b &#65; c", "<at>x</at>"])
def test_what_was_written_arrives_as_it_was_written(channel: str, text: str) -> None:
    assert said(text, channel) == Typed(text=text)


@pytest.mark.parametrize(
    ("text", "parts", "read"),
    [
        pytest.param("a &lt; b &amp;&nbsp;c", {"textFormat": "xml"}, "a < b &\xa0c", id="xml"),
        pytest.param(
            "say &quot;hi&quot;",
            {"attachments": [formatted("<div>say &quot;hi&quot;</div>")]},
            'say "hi"',
            id="escaped by Teams",
        ),
        pytest.param(
            "say &quot;hi&quot;",
            {"attachments": [formatted("<div>say &amp;quot;hi&amp;quot;</div>")]},
            "say &quot;hi&quot;",
            id="the learner's own entity",
        ),
    ],
)
def test_only_what_teams_escaped_is_unescaped(text: str, parts: dict[str, Any], read: str) -> None:
    assert said(text, **parts) == Typed(text=read)


@pytest.mark.parametrize(
    ("text", "entities", "read"),
    [
        ("<at>Tutor</at> begin", [mention("<at>Tutor</at>")], "begin"),
        ("<at>Tutor</at>&nbsp;begin\n", [mention("<at>Tutor</at>")], "begin"),
        ('<at id="0">Tutor</at> begin', [mention("<at>Tutor</at>")], "begin"),
        ("begin <at>Tutor</at>", [mention("<at>Tutor</at>")], "begin"),
        ("<at>Fine</at> <at>Tutor</at> 1, 3", [mention("<at>Fine Tutor</at>")], "1, 3"),
        ("@Tutor begin", [mention("@Tutor")], "begin"),
        (
            "<at>Tutor</at> <at>Bob</at> begin",
            [mention("<at>Tutor</at>"), mention("<at>Bob</at>", "29:bob")],
            "begin",
        ),
        (
            "<at>Tutor</at> I would ask <at>Bob</at> first",
            [mention("<at>Tutor</at>"), mention("<at>Bob</at>", "29:bob")],
            "I would ask Bob first",
        ),
        (
            f"<at>Tutor</at> {TAGGED}",
            [mention("<at>Tutor</at>")],
            TAGGED,
        ),
        ("Tutor is what I call a Tutor", [mention("Tutor")], "is what I call a Tutor"),
    ],
)
def test_a_mention_is_what_an_entity_says_and_nothing_else(
    text: str, entities: list[dict[str, Any]], read: str
) -> None:
    assert said(text, entities=entities) == Typed(text=read)


@pytest.mark.parametrize(
    ("text", "parts", "read"),
    [
        ("", {"attachments": [GIF]}, Wordless()),
        (None, {"attachments": [{"contentType": "application/pdf"}]}, Wordless()),
        (None, {"attachments": [formatted('<p><img alt="👍"></p>')]}, Wordless()),
        (None, {"reactionsAdded": [{"type": "like"}]}, Wordless()),
        (
            "<at>Tutor</at>",
            {"attachments": [GIF], "entities": [mention("<at>Tutor</at>")]},
            Wordless(),
        ),
        ("<at>Tutor</at>", {"entities": [mention("<at>Tutor</at>")]}, Called()),
        ("begin", {"attachments": [GIF]}, Typed(text="begin")),
        (None, {"value": {"somebody": "else's button"}}, Called()),
    ],
)
def test_what_holds_no_words_is_known_as_such(
    text: object, parts: dict[str, Any], read: Event
) -> None:
    assert said(text, **parts) == read


TEAM, ALONE = {"id": "19:a", "conversationType": "channel"}, {"id": "a:1"}
INSTALLED = {"type": "installationUpdate", "action": "add"}
WELCOME = Installed(
    name="Tutor", personal_chat="https://teams.microsoft.com/l/chat/0/0?users=28:app-1"
)


def members(*ids: str) -> dict[str, Any]:
    return {"type": "conversationUpdate", "membersAdded": [{"id": one} for one in ids]}


@pytest.mark.parametrize(
    ("parts", "conversation", "event"),
    [
        (INSTALLED, TEAM, WELCOME),
        (members("29:bob", BOT), TEAM, WELCOME),
        (members("29:bob"), TEAM, None),
        ({**INSTALLED, "action": "add-upgrade"}, TEAM, None),
        (INSTALLED, ALONE, Arrived()),
        (members("29:ann", BOT), ALONE, Arrived()),
        (members(BOT), ALONE, None),
    ],
)
def test_several_people_are_welcomed_and_one_alone_is_greeted(
    parts: dict[str, Any], conversation: dict[str, Any], event: Event | None
) -> None:
    body = {
        "channelId": "msteams",
        "serviceUrl": "https://smba.example/",
        "from": {"id": "29:ann", "name": "Ann"},
        "recipient": {"id": BOT, "name": "Tutor"},
        "conversation": conversation,
        **parts,
    }
    inbound = parse.inbound(body, "app-1")
    assert inbound.event == event
    if event == WELCOME:
        assert inbound.conversation == "msteams|19:a", "it is nobody's own"
        assert "Ann" not in str(inbound.outlet)


@pytest.mark.parametrize(
    ("conversation", "beside", "tenant"),
    [
        ({"tenantId": "t1"}, {"tenant": {"id": "t1"}}, "t1"),
        ({"tenantId": "t1"}, {}, "t1"),
        ({}, {"tenant": {"id": "t1"}}, "t1"),
        ({"tenantId": ""}, {"tenant": {"id": "t1"}}, "t1"),
        ({}, {"tenant": "t1"}, ""),
        ({}, {}, ""),
    ],
)
def test_the_tenant_is_read_wherever_teams_writes_it(
    conversation: dict[str, Any], beside: dict[str, Any], tenant: str
) -> None:
    body = {
        "type": "message",
        "channelId": "msteams",
        "serviceUrl": "https://smba.example/",
        "from": {"id": "29:ann"},
        "recipient": {"id": BOT},
        "conversation": {"id": "a:1", **conversation},
        "channelData": beside,
        "text": "hi",
    }
    assert vars(parse.inbound(body).who)["tenant"] == tenant
