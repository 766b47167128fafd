"""One simulated learner: what they do next, and what they make of the replies."""

import asyncio
from collections.abc import Mapping
from random import Random
from secrets import token_hex
from time import perf_counter
from typing import Any

import orjson

from bot.simulate import card as cards
from bot.simulate.answers import Memory, Values, filled, first_unknown, spoiled, typed
from bot.simulate.card import Button, Card
from bot.simulate.channel import PATIENCE_S, TAKEN, UNAVAILABLE, SimulationError
from bot.simulate.crowd import Crowd, Plan
from content.lesson import QuizStep, Step
from content.lesson.effort import PRESS_S
from content.loader import Library
from content.reading_time import WORDS_A_MINUTE
from content.strings import CommandName

Parts = dict[str, Any]

CHANNEL = "emulator"
TYPING = "typing"
BREATH_MS = 700  # the tutor lets a typing sign be seen before it goes on

# How often, of all turns, a learner does something else than what the step asks.
ASIDES = (
    ("went back", 0.04),
    ("asked for help", 0.03),
    ("looked at the progress", 0.02),
    ("wrote nonsense", 0.03),
    ("pressed an older card", 0.03),
)
ERR = 0.2  # of answers
TYPE = 0.3  # of what could be pressed
TWICE = 0.06  # of presses: a double click
RESENT = 0.03  # of activities: the channel sends them again, with the same id
AWAY = 0.02  # of activities: the learner's client takes no reply for a while
DROPPED = 0.02  # of activities: the client takes a reply, and the tutor doesn't learn of it
AWAY_S = (0.3, 2.5)
AGAIN_S = 1.0  # after which a reply has come again
OPTIONAL = 0.5  # of optional steps are done

LOOK_S = 8.0  # for a training to be done before its status is asked for
SOON_S = 1.0  # for an evaluation
MOST_ANSWERS = 80  # at one step
FAMILIAR = 0.3  # of a card is read, and considered, when its step was there before
HASTY_S = (1.0, 4.0)  # between the turns of who presses and doesn't read
# Shares of the lesson's own estimate, which is for a careful beginner. With them, and with all that
# learners do beside, a lesson takes about as long as that estimate says.
QUICK, SLOW = 0.3, 0.9


class Learner:
    """A player who goes through a lesson by what the cards offer."""

    def __init__(self, name: str, crowd: Crowd, library: Library, dice: Random) -> None:
        self._name, self._crowd, self._library = name, crowd, library
        self._plan, self._wanted = crowd.plan, crowd.plan.lesson
        self._figures, self._dice = crowd.figures, dice
        self._memory = Memory(dice, library.strings)
        self._speed = dice.uniform(QUICK, SLOW)
        self._card: Card | None = None
        self._older: Card | None = None
        self._news = asyncio.Event()
        self._answers: dict[tuple[str, str], int] = {}
        self._read: set[tuple[str, str]] = set()
        self._is_lost = False  # and looks again where they are
        # What was sent and not answered yet, by its id; double clicks share a key.
        self._sent: dict[str, float] = {}
        self._breaths: dict[str, int] = {}  # typing signs, after each of which the channel waits
        self._keys: dict[str, str] = {}
        self._answered: dict[str, set[str]] = {}
        self._settled: set[str] = set()
        # What arrived: numbers of replies.
        self._highest = 0
        self._gaps: set[int] = set()
        self._tickets: dict[str, int] = {}
        self._taken: Mapping[str, Any] | None = None  # the last press that was no older card's
        self._away_until = 0.0
        self._drops = 0
        self._is_disturbed = False
        self._count = 0
        self.turns = 0

    # --- what they do ---------------------------------------------------------------

    async def play(self) -> None:
        """Arrive, and go on until the lesson or the run is over."""
        member = {"type": "conversationUpdate", "membersAdded": [{"id": self.name}]}
        await self._turn(member)
        while not self._crowd.is_over and self.turns != self._plan.turns:
            if self._card is not None and self._is_done(self._card):
                self._figures.finished += 1
                self._figures.lesson_turns.append(self.turns)
                return
            if self._card is not None and self._answers.get(_place(self._card), 0) > MOST_ANSWERS:
                self._figures.stuck += 1
                return
            await self._think()
            if not self._crowd.is_over:
                await self._act()

    @property
    def name(self) -> str:
        """Theirs, and their conversation's."""
        return self._name

    @property
    def missing(self) -> int:
        """Replies that never came, though later ones did."""
        return len(self._gaps)

    def _is_done(self, card: Card) -> bool:
        lesson = self._library.lessons[card.lesson]
        return card.step == lesson.complete.id and self._wanted in (None, card.lesson)

    def _step(self, card: Card) -> Step:
        lesson = self._library.lessons[card.lesson]
        return lesson.step(card.step) or lesson.start

    async def _think(self) -> None:
        """Read and consider, in the time that the lesson's own estimate gives for it."""
        card = self._card
        if card is None or _is_waiting(card) or self._plan.pace == "fast":
            return
        if self._plan.pace == "hasty":
            await self._crowd.pause(self._dice.uniform(*HASTY_S))
            return
        step, place = self._step(card), _place(card)
        # Who has seen the step reads what is new, and who has answered tries again faster.
        read = FAMILIAR if place in self._read else 1.0
        self._read.add(place)
        seconds = read * len(card.words.split()) * 60 / WORDS_A_MINUTE + PRESS_S
        if (card.fields or card.suggestions) and not card.button("next"):
            again = FAMILIAR if self._answers[place] >= step.answers else 1.0
            seconds += again * step.effort_s / step.answers
        await self._crowd.pause(seconds * self._speed * self._dice.uniform(0.5, 1.5))

    async def _act(self) -> None:
        """Do the next thing."""
        card = self._card
        commands = self._library.strings.tutor.commands
        if card is None or self._is_lost:
            self._is_lost = False
            await self._turn({"text": commands["hello"][0]})
        elif self._wanted is not None and card.lesson != self._wanted:
            button = card.button(f"lesson:{self._wanted}")
            await self._turn(_press(button) if button else {"text": commands["lessons"][0]})
        elif _is_waiting(card):
            await self._wait_or_look(card)
        elif aside := self._aside(card):
            await self._turn(aside)
        else:
            await self._turn(self._next(card))

    def _aside(self, card: Card) -> Parts | None:
        at = self._dice.random()
        for name, share in ASIDES:
            if at < share:
                parts = self._aside_parts(name, card)
                if parts is not None:
                    self._figures.did[name] += 1
                return parts
            at -= share
        return None

    def _aside_parts(self, name: str, card: Card) -> Parts | None:
        commands = self._library.strings.tutor.commands
        match name:
            case "went back":
                return self._moved("back", card) if card.button("back") else None
            case "asked for help":
                return self._moved("help", card)
            case "looked at the progress":
                return {"text": commands["progress"][0]}
            case "wrote nonsense":
                return {"text": "hmm"}
            case _:
                older = self._older.primary if self._older else None
                return _press(older) if older else None

    def _moved(self, do: CommandName, card: Card) -> Parts:
        """Press a button that moves about, or type what it does."""
        button = card.button(do)
        if button is None or self._dice.random() < TYPE:
            return {"text": self._library.strings.tutor.commands[do][0]}
        return _press(button)

    def _next(self, card: Card) -> Parts:
        """What the card asks for, or the way on."""
        primary, place = card.primary, _place(card)
        own = primary is not None and primary.do not in ("next", "begin")
        fresh = own and not self._answers.get(place) and self._dice.random() < OPTIONAL
        if card.button("next") and not fresh:
            return self._moved("next", card)
        if primary is None and not card.suggestions:
            return {"text": self._library.strings.tutor.commands["hello"][0]}
        if primary is None or primary.do in ("answer", "open"):
            self._answers[place] = self._answers.get(place, 0) + 1
            self._figures.attempts[place] += 1
        if primary is None:
            return {"text": self._dice.choice(card.suggestions)}
        values: Values = {}
        if primary.do in ("answer", "open"):
            values = self._memory.values(self._step(card), card)
        # Who fails a quiz waits for minutes, which a run has no time for.
        is_sure = isinstance(self._step(card), QuizStep)
        if primary.do == "answer" and not is_sure and self._dice.random() < ERR:
            values = spoiled(values, card, self._dice)
            self._figures.did["erred"] += 1
        text = typed(values, card) if primary.do == "answer" else None
        if text and self._dice.random() < TYPE:
            self._figures.did["typed an answer"] += 1
            return {"text": text}
        return _press(primary, filled(values, card))

    async def _wait_or_look(self, card: Card) -> None:
        """Wait for a training to be done; after a while ask how it goes."""
        primary = card.primary
        if primary is None:
            return
        wait_s = SOON_S if primary.do == "look" else LOOK_S
        self._news.clear()
        if self._card is card and not await self._has_news(wait_s) and not self._crowd.is_over:
            await self._turn(_press(primary))

    # --- a turn ---------------------------------------------------------------------

    async def _turn(self, parts: Parts) -> None:
        """Send, perhaps in the way that people and networks do, and wait for the answer."""
        dice, did = self._dice, self._figures.did
        pressed, is_fresh = parts.get("value"), False
        if pressed is not None and pressed == self._taken:
            # To the tutor this is a double click, which it answers with silence.
            parts = {"text": self._library.strings.tutor.commands["hello"][0]}
        elif is_fresh := pressed is not None and self._is_fresh(pressed):
            self._taken = pressed
        bodies = [self._activity(parts)]
        at = dice.random()
        if is_fresh and at < TWICE:
            did["pressed twice"] += 1
            bodies.append(self._activity(parts, same_as=bodies[0]["id"]))
        elif at > 1 - RESENT:
            did["sent again by the channel"] += 1
            bodies.append(bodies[0])
        pause_s = self._disturb()
        self._is_disturbed = pause_s > 0
        self._card_is_old()
        for body in bodies:
            self._sent[body["id"]] = perf_counter()
        sent = [orjson.dumps(body) for body in bodies]
        answers = await asyncio.gather(*(self._crowd.send(b) for b in sent))
        self.turns += 1
        for answer in answers:
            if self._plan.expects_replies and answer:
                for activity in orjson.loads(answer)["activities"]:
                    self.heard(activity, in_answer=True)
        if all(answer is None for answer in answers):
            self._is_lost = True
            return
        key = bodies[0]["id"]
        if not await self._has_news(PATIENCE_S):
            self._is_lost = True
            if key not in self._answered and not self._crowd.is_over:
                self._figures.unanswered += 1
                self._note(f"no answer to {_told(parts)}")
        for body in bodies:
            self._sent.pop(body["id"], None)
            self._breaths.pop(body["id"], None)
        if pause_s:
            await self._crowd.pause(pause_s)
            self._is_lost = True

    def _activity(self, parts: Parts, same_as: str | None = None) -> Parts:
        self._count += 1
        name = f"{self.name}-{self._count}"
        self._keys[name] = same_as or name
        activity = {
            "type": "message",
            "id": name,
            "channelId": CHANNEL,
            "serviceUrl": self._crowd.channel.url,
            "from": {"id": self.name, "role": "user"},
            "recipient": {"id": "tutor", "role": "bot"},
            "conversation": {"id": self.name},
            "locale": "en-US",
            **parts,
        }
        if self._plan.expects_replies:
            activity["deliveryMode"] = "expectReplies"
        return activity

    def _is_fresh(self, pressed: Mapping[str, Any]) -> bool:
        """Whether the newest card was pressed, and nothing but the press will change it."""
        card = self._card
        told = pressed["tutor"]["ticket"]
        return card is not None and told == card.ticket and not _is_waiting(card)

    def _card_is_old(self) -> None:
        self._older = self._card or self._older
        self._news.clear()

    def _disturb(self) -> float:
        """Lose the connection now and then; the seconds until what is owed has come."""
        if self._plan.expects_replies:
            return 0.0
        at = self._dice.random()
        if at < AWAY:
            self._figures.did["lost the connection"] += 1
            away_s = self._dice.uniform(*AWAY_S)
            self._away_until = perf_counter() + away_s
            return away_s
        if at > 1 - DROPPED:
            self._figures.did["lost a receipt"] += 1
            self._drops += 1
            return AGAIN_S
        return 0.0

    async def _has_news(self, wait_s: float) -> bool:
        """Wait for a card that something can be done with."""
        if not self._news.is_set():
            try:
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
            except TimeoutError:
                return False
        return True

    # --- what they hear -------------------------------------------------------------

    def receive(self, body: bytes) -> bytes | None:
        """Take a reply, unless their client takes none just now; or let its receipt be lost."""
        if perf_counter() < self._away_until:
            return UNAVAILABLE
        self.heard(orjson.loads(body))
        if not self._drops:
            return TAKEN
        self._drops -= 1
        self._figures.dropped += 1
        return None

    def heard(self, activity: Mapping[str, Any], *, in_answer: bool = False) -> None:
        """Take a reply."""
        if not self._is_new(int(activity["id"].rpartition("|")[2]), in_answer=in_answer):
            return
        figures = self._figures
        figures.replies += 1
        asked = activity.get("replyToId")
        waits = activity.get("inputHint") == "expectingInput"
        if asked in self._keys:
            self._time(asked, is_typing=activity["type"] == TYPING)
            self._is_answered_once(asked, waits=waits)
        if not waits:
            return
        card = cards.read(activity, self._card)
        if card is None:
            return
        if card.ticket < self._tickets.get(card.lesson, 0):
            figures.taken_back += 1
            self._note(f"ticket {card.ticket} after {self._tickets[card.lesson]}")
        self._tickets[card.lesson] = card.ticket
        place = _place(card)
        if place not in self._answers:
            self._answers[place] = 0
            figures.met[place] += 1
            figures.asked[place] = self._step(card).answers
        self._card = card
        self._news.set()

    def _note(self, fault: str) -> None:
        where = " / ".join(_place(self._card)) if self._card else "the start"
        self._figures.note(f"{self.name} at {where}: {fault}")

    def _time(self, asked: str, *, is_typing: bool) -> None:
        """Note how long a reply took; it counts as the first one of double clicks to either one."""
        sent = self._sent.get(asked)
        if sent is None or self._is_disturbed:
            return
        ms = (perf_counter() - sent) * 1000
        if self._keys[asked] not in self._answered:
            self._figures.latencies_ms.append(ms)
        breaths = self._breaths.get(asked, 0)
        if is_typing:
            self._breaths[asked] = breaths + 1
        else:
            self._figures.replies_ms.append(ms - breaths * BREATH_MS)

    def _is_answered_once(self, asked: str, *, waits: bool) -> None:
        """Count answers to both presses of a double click, or two cards for one activity."""
        key = self._keys[asked]
        answered = self._answered.setdefault(key, set())
        answered.add(asked)
        if len(answered) > 1 or (waits and key in self._settled):
            self._figures.doubled += 1
            self._note(f"two answers to {key}")
        if waits:
            self._settled.add(key)

    def _is_new(self, number: int, *, in_answer: bool) -> bool:
        """Whether a reply is here for the first time; what comes late, twice or never is counted.

        An answer's body may overtake what is sent by itself, and holds the same again when its
        activity was sent again.
        """
        if number > self._highest:
            self._gaps.update(range(self._highest + 1, number))
            self._highest = number
            return True
        if number in self._gaps:
            self._gaps.discard(number)
            self._figures.disordered += not self._plan.expects_replies
            return True
        self._figures.again += not in_answer
        return False


def crowd_of_learners(plan: Plan, library: Library) -> Crowd:
    """A crowd that learns what these lessons teach.

    Raises SimulationError for a lesson that isn't there, or that learners couldn't finish.
    """
    if plan.lesson is not None and plan.lesson not in library.lessons:
        known = ", ".join(sorted(library.lessons))
        msg = f"There is no lesson {plan.lesson}; there are {known}."
        raise SimulationError(msg)
    for name, lesson in library.lessons.items():
        unknown = first_unknown(lesson) if plan.lesson in (None, name) else None
        if unknown is not None:
            msg = (
                f'Simulated learners don\'t know how to answer a step of kind "{unknown.kind}" '
                f"({name} / {unknown.id}): bot/simulate/answers.py tells them."
            )
            raise SimulationError(msg)
    run = token_hex(3)  # so that nobody of a former run is met

    def newcomer(crowd: Crowd, seat: int, visit: int, dice: Random) -> Learner | None:
        if visit and (plan.seconds is None or plan.turns is not None):
            return None
        return Learner(f"learner-{run}-{seat}-{visit}", crowd, library, dice)

    return Crowd(plan, newcomer)


def _press(button: Button, values: Values | None = None) -> Parts:
    return {"value": {**button.data, **(values or {})}}


def _told(parts: Parts) -> str:
    pressed = parts.get("value")
    return f"[{pressed['tutor']['do']}]" if pressed else str(parts.get("text", "their arrival"))


def _place(card: Card) -> tuple[str, str]:
    return card.lesson, card.step


def _is_waiting(card: Card) -> bool:
    """Whether a training or an evaluation is under way, and there is nothing else to do."""
    primary = card.primary
    return primary is not None and primary.do in ("status", "look")
