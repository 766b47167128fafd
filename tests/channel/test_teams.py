"""What a Teams user expects: cards that give way to their answers, groups, edits, uninstalling."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientTimeout

from bot.channels import delivery
from tests.channel.conftest import (
    Clock,
    Connector,
    Start,
    Talk,
    actions,
    card_of,
    data,
    texts,
)
from tests.channel.journey import Journey
from tests.waiting import until

CARD = "application/vnd.microsoft.card.adaptive"
WORD = "application/vnd.microsoft.activity.message"
BOT = "28:bot1"
BEST = ("Maintain", "Provide", "Handle", "Use", "Avoid")  # begin what is required


class TeamsTalk(Talk):
    """One person in a chat or a channel of Teams, who presses the newest card."""

    channel = "msteams"
    place: dict[str, Any] = {"conversationType": "personal", "tenantId": "t1"}

    def activity(self, **parts: Any) -> dict[str, Any]:
        """An activity as Teams sends it."""
        made = super().activity(**parts)
        room = {"id": f"talk-{self.user}", **self.place}
        return {
            **made,
            "from": {"id": f"29:{self.user}", "name": self.user.title(), "aadObjectId": "x"},
            "recipient": {"id": BOT, "name": "Tutor"},
            "conversation": parts.get("conversation", room),
            "locale": "en-US",
            "channelData": parts.get("channelData", {"tenant": {"id": "t1"}}),
        }

    def execute(self, told: dict[str, Any], card: str, **inputs: str) -> dict[str, Any]:
        """A press as Teams sends it: `card` is the message that the card is in."""
        action = {"type": "Action.Execute", "verb": "tutor", "data": {**told, **inputs}}
        value = {"action": action, "trigger": "manual"}
        return self.activity(type="invoke", name="adaptiveCard/action", value=value, replyToId=card)

    async def hit(
        self, card: dict[str, Any], title: str, message: str, **inputs: str
    ) -> dict[str, Any]:
        """Press a button: what the invoke is answered."""
        status, answer = await self.send(self.execute(data(card, title), message, **inputs))
        assert (status, answer["statusCode"]) == (200, 200)
        return answer


class Group(TeamsTalk):
    """The same in a group chat, where the bot is mentioned."""

    place = {"conversationType": "groupChat", "isGroup": True, "tenantId": "t1", "id": "19:room"}

    def mention(self, words: str) -> dict[str, Any]:
        """A message to the bot."""
        entity = {"type": "mention", "text": "<at>Tutor</at>", "mentioned": {"id": BOT}}
        return self.activity(text=f"<at>Tutor</at> {words}", entities=[entity])


async def begun(talk: TeamsTalk, connector: Connector) -> dict[str, Any]:
    """Install the app: the start screen's card, which is message m1."""
    await talk.send(talk.activity(type="installationUpdate", action="add"))
    members = [{"id": BOT}, {"id": f"29:{talk.user}"}]
    await talk.send(talk.activity(type="conversationUpdate", membersAdded=members))
    await connector.until(1)
    await asyncio.sleep(0.2)
    assert len(connector.sent) == 1, "greeted once"
    return card_of(connector.sent)


async def test_what_was_read_stays_and_the_answer_comes_below(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    card = await begun(talk, connector)
    assert card["version"] == "1.5"
    answer = await talk.hit(card, "Begin Exercise", "m1")
    assert answer["type"] == CARD
    assert "Learning objective" in texts(answer["value"])
    assert actions(answer["value"]) == []
    ((place, kept),) = await connector.updated(1)
    assert place == "m1"
    assert kept["attachments"][0]["content"] == answer["value"]
    assert "tutor" not in kept.get("channelData", {})
    assert "Learning goals" in texts((await connector.until(2))[1])


async def test_a_question_gives_way_to_a_card_that_says_it_again(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    card = await begun(talk, connector)
    for n, title in enumerate(("Begin Exercise", "Next", "Next"), 1):
        await talk.hit(card, title, f"m{n}")
        card = card_of(await connector.until(n + 1))
    (field,) = [i for i in card["body"] if i["type"] == "Input.ChoiceSet"]
    ids = {choice["title"].partition(" · ")[2]: choice["value"] for choice in field["choices"]}
    wrong, right = ids["Write long and detailed answers every time"], "Provide accurate information"
    answer = (await talk.hit(card, "Check", "m4", picked=f"{wrong},{ids[right]}"))["value"]
    (asked,) = [i for i in answer["body"] if i["type"] == "Input.ChoiceSet"]
    assert set(asked["value"].split(",")) == {wrong, ids[right]}
    assert "Define the requirements" in texts(answer)
    assert "Not yet" in texts(answer)
    five = ",".join(ids[one] for one in ids if one.split()[0] in BEST)
    answer = (await talk.hit(answer, "Check", "m4", picked=five))["value"]
    told = texts(answer)
    for part in ("Define the requirements", "Choose all that apply", right, "Those are the"):
        assert part in told
    assert "Write long and detailed answers" not in told, "what was right stands there, with why"
    assert {place for place, _ in (await connector.updated(5))[3:]} == {"m4"}
    assert len(connector.sent) == 4


async def test_a_second_press_gets_the_first_ones_answer(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    card = await begun(talk, connector)
    first = await talk.hit(card, "Begin Exercise", "m1")
    again = await talk.hit(card, "Begin Exercise", "m1")
    assert again == first
    goals = card_of(await connector.until(2))
    body = talk.execute(data(goals, "Next"), "m2")
    answers = await asyncio.gather(*(talk.send(body) for _ in range(3)))
    assert len({str(answer) for answer in answers}) == 1
    await connector.updated(2)
    await connector.until(3)
    await asyncio.sleep(0.3)
    assert len(connector.updates) == 2
    assert len(connector.sent) == 3


async def test_what_stands_too_far_above_to_be_known_is_left_as_it_is(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    card = await begun(talk, connector)
    for n in range(35):
        await talk.send(talk.activity(text="help"))
        await connector.until(n + 2)
    answer = await talk.hit(card, "Begin Exercise", "m1")
    assert answer == {"statusCode": 200, "type": WORD, "value": "The answer stands below."}
    assert "Learning goals" in texts((await connector.until(37))[-1])
    assert connector.updates == []


async def test_what_is_typed_is_answered_below(start: Start, connector: Connector) -> None:
    talk = TeamsTalk(await start(), connector)
    await begun(talk, connector)
    await talk.send(talk.activity(text="begin"))
    await connector.until(3)
    assert [a["type"] for a in connector.sent] == ["message", "typing", "message"]
    assert connector.updates == []


@pytest.mark.parametrize("status", [404, 405])
async def test_where_a_pressed_card_can_not_be_replaced_the_answer_was_given_all_the_same(
    start: Start, connector: Connector, status: int
) -> None:
    talk = TeamsTalk(await start(), connector)
    card = await begun(talk, connector)
    connector.update_statuses = [429, status]
    answer = await talk.hit(card, "Begin Exercise", "m1")
    assert answer["type"] == CARD
    await until(lambda: not connector.update_statuses)
    await talk.send(talk.activity(text="help"))
    await connector.until(2)
    assert len(connector.sent) == 2
    assert connector.updates == []


@pytest.mark.parametrize("hindrance", ["throttled", "slow"])
async def test_no_older_card_comes_after_a_newer_one(
    start: Start, connector: Connector, hindrance: str
) -> None:
    talk = TeamsTalk(await start(), connector)
    for words in ("begin", "next", "next"):
        await talk.say(words)
    await talk.send(talk.activity(text="hi"))
    card = card_of(await connector.until(1))
    if hindrance == "throttled":
        connector.update_statuses, connector.retry_after = [429], "1"
    else:
        connector.update_slow_s = [1.0]
    for picked in ("jargon", "jokes", "tone"):  # each is answered at once, and can't be stored
        card = (await talk.hit(card, "Check", "m1", picked=picked))["value"]
    expected = 1 if hindrance == "throttled" else 2
    updates = await connector.updated(expected)
    await asyncio.sleep(0.3)
    assert len(updates) == expected
    assert updates[-1][1]["attachments"][0]["content"] == card
    await talk.hit(card, "Check", "m1", picked="accuracy")
    assert len(await connector.updated(expected + 1)) == expected + 1


@pytest.mark.parametrize("status", [400, 413])
async def test_a_card_that_is_refused_comes_as_words(
    start: Start, connector: Connector, status: int
) -> None:
    talk = TeamsTalk(await start(), connector)
    connector.statuses = [status]
    await talk.send(talk.activity(text="hi"))
    (told,) = await connector.until(1)
    assert "attachments" not in told
    assert "Learn to enhance model performance" in told["text"]
    assert told["text"].endswith("**Begin Exercise** · **Help**")
    # Who can't take as many words gets few, and the way on all the same.
    await talk.send(talk.activity(text="begin exercise"))
    await connector.until(3)
    connector.statuses = [status, status]
    await talk.send(talk.activity(text="next"))
    told = (await connector.until(4))[-1]
    assert "attachments" not in told
    assert told["text"].endswith("**Next** · **Back** · **Skip tutorial** · **Help**")


async def test_what_is_written_counts_once_until_its_answer_has_arrived(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    await begun(talk, connector)
    await talk.send(talk.activity(text="begin"))
    await connector.until(3)
    connector.statuses, connector.retry_after = [503], "1"
    for _ in range(3):  # the channel brings it again under other ids
        await talk.send(talk.activity(text="next"))
    await connector.until(4)
    assert "How the work goes" in texts(connector.sent[-1])
    await talk.send(talk.activity(text="next"))
    await connector.until(5)
    assert "Define the requirements" in texts(connector.sent[-1])
    connector.statuses = [503]
    for words in ("1, 2", "1, 2", "1, 3"):
        await talk.send(talk.activity(text=words))
    await connector.until(7)
    await asyncio.sleep(0.2)
    assert len(connector.sent) == 7


async def test_what_holds_no_words_gets_a_kind_word_and_costs_nothing(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    await begun(talk, connector)
    await talk.say("begin")
    for words in ("next", "next"):
        card = card_of(await talk.say(words))
    gif = {"contentType": "image/gif", "contentUrl": "https://example.com/g.gif"}
    for odd in ({"text": "👍"}, {"text": "", "attachments": [gif]}, {"text": "❤️ 😀!"}):
        _, told = await talk.send(talk.activity(**odd, deliveryMode="expectReplies"))
        assert "I read words alone" in texts(told)
        assert not any(one.get("attachments") for one in told["activities"]), "the card stays"
    # The card from before is still good, and the first miss is the first.
    assert "Read the challenge again" in texts(await talk.press(card, "Check", picked="jargon"))


async def test_a_team_that_is_left_is_left_with_its_threads(
    start: Start, connector: Connector, tmp_path: Path
) -> None:
    client = await start()
    ann = Group(client, connector, "ann")
    for room in ("19:a", "19:a;messageid=148", "19:b;messageid=148"):
        await ann.send({**ann.mention("hi"), "conversation": {**ann.place, "id": room}})
    await connector.until(3)
    gone = ann.activity(type="installationUpdate", action="remove")
    await ann.send({**gone, "conversation": {**ann.place, "id": "19:a"}})
    with closing(sqlite3.connect(tmp_path / "tutor.db")) as db:
        open_ones = db.execute("SELECT id FROM conversation WHERE is_open").fetchall()
    assert open_ones == [("msteams|19:b;messageid=148|29:ann",)]


async def test_a_training_shows_its_progress_in_the_same_card(
    start: Start, connector: Connector, clock: Clock, tmp_path: Path
) -> None:
    talk = TeamsTalk(await start(), connector)
    journey = Journey(talk, f"sqlite:///{tmp_path}/tutor.db")
    await journey.until("job")
    connector.sent.clear()
    await talk.send(talk.activity(text="hello"))
    (shown,) = await connector.until(1)
    journey.card = card_of([shown])
    press = journey.right()["value"]
    answer = (await talk.send(talk.execute(press, "m1")))[1]
    assert answer["type"] == CARD
    assert "Your training set has" in texts(answer["value"])
    assert "queue" in texts((await connector.until(2))[1])

    def all_seen() -> list[str]:
        clock.ahead += timedelta(seconds=3)
        assert {place for place, _ in connector.updates[1:]} <= {"m2"}
        seen = [texts(body) for _, body in connector.updates[1:]]
        return seen if seen and "Next" in seen[-1] else []

    seen = await until(all_seen, every_s=0.3)
    assert len(seen) >= 3, seen
    assert any("Epoch 1" in told for told in seen[:-1])
    await _evaluated(tmp_path)
    result = card_of([connector.updates[-1][1]])
    for part in ("succeeded", "Chart.Line", "-polite-chatbot", "last epochs: 3"):
        assert part in str(result)
    assert len(connector.sent) == 2, "all of it in one card"
    # It stands there when the learner goes on.
    answer = await talk.hit(result, "Next", "m2")
    assert answer["value"]["body"] == result["body"]
    assert actions(answer["value"]) == []
    assert "Training monitor" in texts((await connector.until(3))[2])


async def _evaluated(folder: Path) -> None:
    """Wait until the finished model was put to the held-out customers."""
    with closing(sqlite3.connect(folder / "tutor.db")) as db:
        await until(lambda: not db.execute("SELECT count(*) FROM compute").fetchone()[0])
    await asyncio.sleep(0.2)


async def test_progress_comes_as_a_new_message_where_the_card_can_not_be_renewed(
    start: Start, connector: Connector, clock: Clock, tmp_path: Path
) -> None:
    talk = TeamsTalk(await start(), connector)
    journey = Journey(talk, f"sqlite:///{tmp_path}/tutor.db")
    await journey.until("job")
    connector.sent.clear()
    await talk.send(talk.activity(text="hello"))
    await connector.until(1)
    connector.update_statuses = [503, 405]
    press = {"value": journey.right()["value"]}
    await talk.send(talk.activity(**press))
    await connector.until(2)

    def is_done() -> bool:
        clock.ahead += timedelta(seconds=3)
        newest = [connector.sent[-1], *(body for _, body in connector.updates[-1:])]
        return "Next" in texts(newest)

    await until(is_done, every_s=0.3)
    # The channel named the new message: what follows renews that one.
    assert connector.update_statuses == []
    assert len(connector.sent) == 3
    assert {place for place, _ in connector.updates} == {"m3"}
    assert "Next" in texts(connector.updates[-1][1])


async def test_a_channel_that_does_not_answer_is_tried_again(
    start: Start, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT", ClientTimeout(total=0.3))
    talk = TeamsTalk(await start(), connector)
    connector.slow_s = [1.0]
    await talk.send(talk.activity(text="hi"))
    await connector.until(1)
    assert "Begin Exercise" in texts(connector.sent[0])


async def test_somebody_elses_card_says_so_to_who_pressed_it_alone(
    start: Start, connector: Connector
) -> None:
    client = await start()
    ann, bob = Group(client, connector, "ann"), Group(client, connector, "bob")
    await ann.send(ann.mention("hi"))
    await connector.until(1)
    card = card_of(connector.sent)
    assert "For Ann" in texts(card)
    answer = await bob.hit(card, "Begin Exercise", "m1")
    assert answer["type"] == WORD
    assert "another learner" in answer["value"]
    assert '"@Tutor next"' in answer["value"]
    await asyncio.sleep(0.3)
    assert connector.updates == []
    assert len(connector.sent) == 1
    # Each has a progress of their own.
    assert "For Ann" in texts((await ann.hit(card, "Begin Exercise", "m1"))["value"])
    assert "Learning goals" in texts((await connector.until(2))[1])
    await bob.send(bob.mention("hi"))
    await connector.until(3)
    assert "Begin Exercise" in texts(connector.sent[-1])
    assert "For Bob" in texts(connector.sent[-1])


async def test_a_team_is_welcomed_and_everybody_begins_a_lesson_of_their_own(
    start: Start, connector: Connector
) -> None:
    client = await start()
    ann, bob = Group(client, connector, "ann"), Group(client, connector, "bob")
    # Ann has begun in a chat of her own.
    alone = TeamsTalk(client, connector, "ann")
    for words in ("begin", "next"):
        card = card_of(await alone.say(words))
    added = [{"id": BOT}]
    await ann.send(ann.activity(type="installationUpdate", action="add"))
    await bob.send(bob.activity(type="conversationUpdate", membersAdded=added))
    (welcome,) = await connector.until(1)
    told, card = texts(welcome), card_of([welcome])
    for words in ("fine-tuned", "45 to 60 minutes", "@Tutor begin", "@Tutor help"):
        assert words in told
    assert "Ann" not in str(welcome)
    assert "How the work goes" not in told
    # Whoever presses gets a card of their own; the welcome stays.
    for talk, name, step, count in (
        (bob, "For Bob", "Learning goals", 2),
        (ann, "For Ann", "How the work goes", 3),
    ):
        answer = await talk.hit(card, "Begin", "m1")
        assert answer["type"] == WORD
        assert "@Tutor" in answer["value"]
        shown = texts((await connector.until(count))[-1])
        assert (name in shown, step in shown) == (True, True)
        assert (await talk.hit(card, "Begin", "m1"))["type"] == WORD, "a double click"
    await asyncio.sleep(0.3)
    assert (len(connector.sent), connector.updates) == (3, [])


async def test_whatever_is_said_in_a_group_says_how_to_be_heard_there(
    start: Start, connector: Connector
) -> None:
    ann = Group(await start(), connector, "ann")
    for words in (
        "help",
        "begin",
        "hi",
        "1, 3",
        "next",
        "progress",
        "lessons",
        "language",
        "👍",
        "",
    ):
        body = {**ann.mention(words), "deliveryMode": "expectReplies"}
        said = [one for one in (await ann.send(body))[1]["activities"] if one["type"] != "typing"]
        assert said, words
        for one in said:
            assert "@Tutor next" in texts(one), words


async def test_the_first_begin_begins(start: Start, connector: Connector) -> None:
    ann = Group(await start(), connector, "ann")
    await ann.send(ann.mention("begin"))
    sent = await connector.until(2)
    assert [one["type"] for one in sent] == ["typing", "message"]
    assert "Learning goals" in texts(sent[-1])


async def test_an_answer_counts_where_its_step_was_shown_last(
    start: Start, connector: Connector
) -> None:
    client = await start()
    here = Group(client, connector, "ann")
    there = Group(client, connector, "ann")
    there.place = {**Group.place, "id": "19:elsewhere"}
    there.count = 100

    async def say(talk: Group, words: str) -> str:
        body = {**talk.mention(words), "deliveryMode": "expectReplies"}
        return texts((await talk.send(body))[1])

    for words in ("begin", "next", "next"):
        told = await say(here, words)
    assert "Define the requirements" in told
    told = await say(there, "1, 3")
    assert "last shown in another place" in told
    assert "Define the requirements" in told
    assert "Not yet" not in told
    # Now it was shown there, and no more here; what moves about does so anywhere.
    assert "last shown in another place" in await say(here, "1, 3")
    assert "how the work goes" in (await say(there, "back")).lower()
    assert "Define the requirements" in await say(there, "next")
    told = await say(there, "2")
    assert "Not yet" in told
    assert "Read the challenge again" in told, "it is the first miss"


async def test_an_edit_by_somebody_who_never_began_is_nobodys_business(
    start: Start, connector: Connector
) -> None:
    ann = Group(await start(), connector, "ann")
    edit = {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}}
    for n in range(2):
        await ann.send({**ann.mention("hello"), **edit, "timestamp": f"2026-11-24T10:00:0{n}Z"})
    await asyncio.sleep(0.3)
    assert connector.sent == []
    await ann.send(ann.mention("hi"))
    await connector.until(1)
    await ann.send({**ann.mention("hello"), **edit, "timestamp": "2026-11-24T10:00:09Z"})
    await asyncio.sleep(0.3)
    assert len(connector.sent) == 1


async def test_the_same_person_is_one_learner_wherever_the_tenant_stands(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    await talk.say("begin")
    room = {"id": f"talk-{talk.user}", "conversationType": "personal"}
    assert "Learning goals" in texts(await talk.say("hi", conversation=room))


async def test_a_name_turns_no_words_around_it(start: Start, connector: Connector) -> None:
    ann = Group(await start(), connector, "ann")
    sender = {"id": "29:ann", "name": "\u202eAnn\u2066\n**x** [y](https://evil.example)"}
    await ann.send({**ann.mention("hi"), "from": sender})
    await connector.until(1)
    told = texts(connector.sent)
    assert "For Ann" in told
    assert not {"\u202e", "\u2066"} & set(told)
    assert "**" not in told


async def test_nobody_is_greeted_for_being_added_to_a_group(
    start: Start, connector: Connector
) -> None:
    ann = Group(await start(), connector, "ann")
    for new in ("29:bob", "29:cleo"):
        members = [{"id": new}]
        await ann.send(ann.activity(type="conversationUpdate", membersAdded=members))
    await asyncio.sleep(0.3)
    assert connector.sent == []


async def test_an_edit_is_told_of_and_changes_nothing(start: Start, connector: Connector) -> None:
    talk = TeamsTalk(await start(), connector)
    await begun(talk, connector)
    first = talk.activity(text="begin")
    await talk.send(first)
    await connector.until(3)
    edited = {
        **first,
        "type": "messageUpdate",
        "text": "help",
        "timestamp": "2026-11-24T10:00:00Z",
        "channelData": {"eventType": "editMessage"},
    }
    for _ in range(2):
        assert (await talk.send(edited))[0] == 202
    await connector.until(4)
    await asyncio.sleep(0.2)
    assert len(connector.sent) == 4
    assert "what you sent first" in texts(connector.sent[-1])


@pytest.mark.parametrize(
    "parts",
    [
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}], "replyToId": "m1"},
        {"type": "messageDelete", "channelData": {"eventType": "softDeleteMessage"}},
        {"type": "messageUpdate", "channelData": {"eventType": "undeleteMessage"}},
        {"type": "typing"},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
        {"type": "somethingNew"},
    ],
)
async def test_what_needs_no_answer_gets_none(
    start: Start, connector: Connector, parts: dict[str, Any]
) -> None:
    talk = TeamsTalk(await start(), connector)
    await begun(talk, connector)
    assert (await talk.send(talk.activity(**parts)))[0] == 202
    await asyncio.sleep(0.2)
    assert len(connector.sent) == 1


async def test_an_unknown_invoke_is_refused_as_such(start: Start, connector: Connector) -> None:
    talk = TeamsTalk(await start(), connector)
    status, _ = await talk.send(talk.activity(type="invoke", name="composeExtension/query"))
    assert status == 501
    status, answer = await talk.send(talk.execute({"stranger": True}, "m1"))
    assert (status, answer["statusCode"]) == (200, 400)


async def test_uninstalling_ends_it_and_installing_again_shows_the_step(
    start: Start, connector: Connector
) -> None:
    talk = TeamsTalk(await start(), connector)
    card = await begun(talk, connector)
    await talk.hit(card, "Begin Exercise", "m1")
    await connector.updated(1)
    await talk.send(talk.activity(type="installationUpdate", action="remove"))
    gone = [{"id": BOT}]
    await talk.send(talk.activity(type="conversationUpdate", membersRemoved=gone))
    assert len(connector.sent) == 2
    await talk.send(talk.activity(type="installationUpdate", action="add"))
    await connector.until(3)
    assert "Learning goals" in texts(connector.sent[-1])
