"""What is read before a turn: what would hold it up, and nothing else."""

import json
from time import process_time

import pytest

from dialogs.reading import encoder
from dialogs.reading.recent import Recent
from dialogs.simulations.computation import Simulation
from dialogs.texts_ahead import read, texts_ahead
from dialogs.values.actions import Command
from dialogs.values.events import Arrived, Event, Pressed, Typed

LONG = (
    "The first run took eight minutes and its loss fell quickly. After that the second one "
    "was slower, because I had chosen a smaller batch. I would rather pay for better data."
)
STAMP = {
    "lesson": "l",
    "step": "s",
    "ticket": 1,
    "digest": "",
    "learner": "",
    "do": Command("next"),
}


@pytest.fixture(autouse=True)
def nothing_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_remembered", Recent[encoder.Floats](encoder.REMEMBERED))


def pressed(text: str) -> Pressed:
    return Pressed.model_validate({**STAMP, "texts": {"answer": text}})


@pytest.mark.parametrize("event", [Typed(text=LONG), pressed(LONG)])
def test_a_long_text_is_read_whole_and_by_its_sentences(event: Event) -> None:
    assert texts_ahead(event) == (LONG,)
    parts = [*read([LONG], [])]
    assert parts[0] == LONG
    assert [part[:5] for part in parts[1:]] == ["The f", "After", "I wou"]


def test_of_a_training_line_its_messages_are_read() -> None:
    question, reply = f"Of a line! {LONG}", "This reply stands in no other test."
    said = [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]
    line = json.dumps({"messages": said})
    assert {*texts_ahead(Typed(text=f"{line}\n{line}"))} == {question, reply}


class Mending(Simulation):
    """Reads texts with their slips mended."""

    def warm(self) -> None:
        """Nothing is costly here."""

    def texts(self, text: str) -> tuple[str, ...]:
        return (text.replace("libary", "library"),)


def test_what_a_simulation_reads_of_a_text_is_read_too() -> None:
    told = read(["Where is my libary card?"], [Mending()])
    assert list(told) == ["Where is my libary card?", "Where is my library card?"]
    for text, vector in told.items():
        assert (vector == encoder.vectors([text])[0]).all()


@pytest.mark.parametrize(
    "event",
    [
        None,
        Arrived(),
        Typed(text=""),
        Typed(text="next"),
        Typed(text="Where is my parcel? I have waited for days."),
        pressed("0.1"),
        Typed(text='{"messages": [' * 500),
    ],
)
def test_what_takes_no_time_isnt_read_ahead(event: Event | None) -> None:
    assert texts_ahead(event) == ()


def test_what_is_at_hand_isnt_read_again() -> None:
    text = f"{LONG} And this was the last of it."
    assert texts_ahead(Typed(text=text))
    encoder.remember(read([text], []))
    assert texts_ahead(Typed(text=text)) == ()


@pytest.mark.parametrize("piece", ["a", ".", " ", "\n", ". ", "?!", '"', "[", "{", "é.A", "。"])
def test_no_text_makes_the_question_itself_costly(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    texts_ahead(Typed(text="warm"))
    began = process_time()
    texts_ahead(Typed(text=text))
    assert process_time() - began < 0.05
