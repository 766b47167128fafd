"""Two languages over the wire: messages say that they are in the language of their words."""

from tests.channel.conftest import Connector, Start, Talk, card_of, texts


async def test_german_is_spoken_over_the_wire_and_may_be_switched(
    start: Start, connector: Connector
) -> None:
    client = await start()
    talk = Talk(client, connector)
    await talk.say("hallo", locale="de-DE")
    menu = await talk.say("Lektionen", locale="de-DE")
    (german,) = (told for told in menu if told["type"] == "message")
    assert (german["locale"], card_of(menu)["lang"]) == ("de", "de")
    replies = await talk.say("2", locale="de-DE")
    assert card_of(replies)["lang"] == "de"
    assert "Übung beginnen" in texts(card_of(replies))
    card = card_of(await talk.press(card_of(replies), "Übung beginnen"))
    card = card_of(await talk.press(card, "Weiter"))
    english = card_of(await talk.say("language en", locale="de-DE"))
    assert english["lang"] == "en"
    assert "What visitors need" in texts(english)
    right = card_of(await talk.press(card, "Prüfen", picked="facts,words,step"))
    assert right["lang"] == "en"
    assert "Note that shortest is not among them" in texts(right)


async def test_an_english_card_says_so_to_a_german_client(
    start: Start, connector: Connector
) -> None:
    talk = Talk(await start(), connector)
    replies = await talk.say("hi", locale="de-DE")
    card = card_of(replies)
    assert card["lang"] == "en"
    assert "Diese Lektion gibt es noch nicht auf Deutsch" in texts(card)


async def test_the_notices_come_in_the_browsers_language(start: Start) -> None:
    client = await start()
    for wanted, lang, title in (
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Datenschutz"),
        ("fr, en;q=0.8, de;q=0.1", "en", "Privacy"),
        ("", "en", "Privacy"),
    ):
        async with client.get("/privacy", headers={"Accept-Language": wanted}) as answer:
            page = await answer.text()
        assert f'<html lang="{lang}">' in page
        assert f"<h1>{title}</h1>" in page
        assert answer.headers["Vary"] == "Accept-Language"
