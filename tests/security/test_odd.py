"""Odd activities on every door: no fault, no long wait, and nobody else's place."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import parse
from cards import markup
from content.strings import TypingForms
from dialogs.reading import typed
from dialogs.values.replies import Item
from tests.channel.conftest import Connector, Start, Talk, texts
from tests.security import odd
from tests.security.test_attacks import hold

SLOW_S = 2.0  # far more than any of them takes
UNKNOWN_INVOKE = 501

FORMS = TypingForms(
    ands=("and",),
    articles=("the",),
    plurals=("s",),
    vowels="aeiou",
    small=("the",),
    empty=("blah",),
)


def bodies(talk: Talk) -> list[str]:
    """What is posted, as it is sent."""
    made = [json.dumps({**talk.activity(text="hello"), **parts}) for parts in odd.PARTS]
    honest = talk.activity()
    rest = json.dumps({name: honest[name] for name in honest if name not in ("type", "id")})[1:]
    return made + [text.replace("%s", rest) for text in odd.TEXTS]


@pytest.mark.usefixtures("no_fault")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_odd_activities_are_answered_or_refused_at_once(
    start: Start, connector: Connector, kind: str, request: pytest.FixtureRequest
) -> None:
    place = {} if kind == "sqlite" else {"DATABASE_URL": request.getfixturevalue("database")}
    client = await start(**place)
    talk = Talk(client, connector, "odd")
    await talk.say("hi")
    path, bearer = await hold(client)
    for body in bodies(talk):
        for door, more in (("/api/messages", {}), (path, bearer)):
            headers = {**more, "Content-Type": "application/json"}
            began = time.monotonic()
            async with client.post(door, data=body.encode(), headers=headers) as answer:
                told = await answer.json() if await answer.text() else {}
            assert time.monotonic() - began < SLOW_S, (door, body[:300])
            assert answer.status < 500 or answer.status == UNKNOWN_INVOKE, (door, body[:300])
            assert answer.status < 400 or told["error"]["message"], (door, body[:300])
    assert "Begin Exercise" in texts(await talk.say("hi"))


NAMES = st.text("|%2C57ab", min_size=1, max_size=6)


@given(NAMES, NAMES, NAMES, NAMES)
def test_no_conversation_has_the_name_of_another(
    room: str, user: str, other: str, who: str
) -> None:
    def name(conversation: dict[str, object], sender: str) -> str:
        body: dict[str, Any] = {
            "type": "message",
            "channelId": "emulator",
            "serviceUrl": "http://127.0.0.1/",
            "from": {"id": sender},
            "recipient": {"id": "bot"},
            "conversation": conversation,
        }
        return parse.inbound(body).conversation

    ours = name({"id": room, "isGroup": True}, user)
    assert ours != name({"id": other}, who)
    assert (ours == name({"id": other, "isGroup": True}, who)) == ((room, user) == (other, who))


@pytest.mark.parametrize("piece", ["\n", "x;", ";x", "hello\n", "1 ", "' ", "no ", "&a", "**", "`"])
def test_long_texts_are_read_in_no_time(piece: str) -> None:
    text = f"x{piece * (20_000 // len(piece))}x"
    items = [Item(str(n), f"Option {n}, told in a few words as options are") for n in range(20)]
    slip = f"{items[3].text}s;" * 400
    began = time.process_time()
    assert typed.chosen(text, items, FORMS) is None
    assert typed.chosen(slip, items, FORMS) is None
    markup.markdown(text)
    parse.without_mention(text, {}, "bot")
    assert time.process_time() - began < 0.5
