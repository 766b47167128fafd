"""The storyboard's eight questions as a conversation: an answer, a question back, an exercise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from content.lesson import Lesson
from content.reading import QuestionName
from content.strings import QuestionsStrings, Tile
from dialogs.reading import questions as reading
from dialogs.reading.typed import plain
from dialogs.values.actions import Ask, Choose, Command
from dialogs.values.replies import Block, Bullets, Button, Message, Notice, Stamp, Text, Tone


@dataclass(frozen=True)
class Conversation:
    """The questions' words, the lessons that practise them, what ties buttons to their moment."""

    words: QuestionsStrings
    lessons: Mapping[str, Lesson]
    stamp: Stamp
    tutor_right: str
    tutor_not_yet: str

    def listed(self) -> Message:
        """All questions, one button each."""
        lead = (Text(self.words.title, "title"), Text(self.words.how, "small"))
        return self._choices(self.words.tiles, lead)

    def which(self, names: Iterable[QuestionName]) -> Message:
        """Ask which of some questions was meant."""
        lead = (Text(self.words.which, "strong"),)
        return self._choices(names, lead, self._all())

    def read(self, text: str) -> Message:
        """Answer what was asked in whatever words, by its number, or by number and letter."""
        parts, names = plain(text).split(), list(self.words.tiles)
        match parts:
            case [number, *letter] if number.isdigit() and 1 <= int(number) <= len(names):
                if len("".join(letter)) <= 1:  # "3 epochs" is none of them
                    return self.answered(names[int(number) - 1], "".join(letter))
        found = reading.asked(text)
        if found is None:
            return self._choices(self.words.tiles, (Text(self.words.none),))
        return self.of(found)

    def of(self, found: reading.Asked) -> Message:
        """The answer to what was read, or which of the likeliest was meant."""
        return self.answered(found.names[0], "") if found.is_sure else self.which(found.names)

    def answered(self, name: QuestionName, option: str) -> Message:
        """The answer to a question with its question back; with an `option`, what that is worth."""
        tile = self.words.tiles[name]
        number = list(self.words.tiles).index(name) + 1
        picked = next((one for one in tile.options if one.id == option), None)
        blocks: list[Block] = [Text(tile.question, "title")]
        if picked is None:
            blocks.append(Text(tile.answer))
        else:
            tone: Tone = "good" if picked.right else "warning"
            title = self.tutor_right if picked.right else self.tutor_not_yet
            blocks += [Text(tile.check), Notice(tone, picked.feedback, title)]
        practise = self._practise(tile, primary=picked is not None and picked.right)
        if picked is not None and picked.right:
            return Message(tuple(blocks), (*practise, self._all()), stamp=self.stamp)
        lines = tuple(self.words.options.format(letter=o.id, text=o.text) for o in tile.options)
        if picked is None:
            blocks += [Text(self.words.check, "strong"), Text(tile.check)]
        blocks += [Bullets(lines), Text(self.words.option_how.format(number=number), "small")]
        options = tuple(
            Button(o.id, Ask(name, o.id), f"{self.words.forms[0]} {number} {o.id}")
            for o in tile.options
        )
        return Message(tuple(blocks), (*options, *practise, self._all()), stamp=self.stamp)

    def _practise(self, tile: Tile, *, primary: bool) -> tuple[Button, ...]:
        lesson = self.lessons.get(tile.exercise)
        if lesson is None:
            return ()
        words = self.words.practise.format(title=lesson.title)
        return (Button(words, Choose(lesson.id), lesson.title, primary=primary),)

    def _choices(
        self, names: Iterable[QuestionName], lead: Sequence[Block], *more: Button
    ) -> Message:
        numbers = {name: n for n, name in enumerate(self.words.tiles, 1)}
        tiles = [(name, self.words.tiles[name]) for name in names]
        lines = tuple(
            Text(self.words.line.format(number=numbers[name], question=tile.question))
            for name, tile in tiles
        )
        buttons = tuple(
            Button(tile.question, Ask(name, ""), f"{self.words.forms[0]} {numbers[name]}")
            for name, tile in tiles
        )
        return Message((*lead, *lines), (*buttons, *more), stamp=self.stamp)

    def _all(self) -> Button:
        return Button(self.words.all, Command("questions"), self.words.all)
