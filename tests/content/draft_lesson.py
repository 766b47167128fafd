"""A small lesson on disk, to be broken."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from content.faults import ContentError
from content.loader import SHIPPED, load

HERE = Path(__file__).parent / "draft"


@dataclass(frozen=True)
class Draft:
    """A folder of one lesson, as its author has it on disk."""

    folder: Path

    def change(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new))

    def faults(self) -> list[str]:
        try:
            load(self.folder)
        except ContentError as error:
            mine = [f for f in error.faults if f.path.is_relative_to(self.folder)]
            return [f"{f.path.relative_to(self.folder)}:{f.line}: {f.message}" for f in mine]
        return []


def draft(folder: Path) -> Draft:
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    for name in ("world.yaml", "marks.yaml", "rubric.yaml", "acts.yaml", "elsewhere.yaml"):
        shutil.copy(SHIPPED / "polite-chatbot" / name, folder / name)
    shutil.copytree(SHIPPED / "polite-chatbot" / "intents", folder / "intents", dirs_exist_ok=True)
    return Draft(folder)
