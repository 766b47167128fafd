"""Replies as a reader of a chat sees them."""

from cards.words import spoken, transcript
from dialogs.values.replies import Message, Text, Typing
from tests.unit.cards.samples import ASK, BUTTONS, READ, STAMP

CHAT = """\
...

Order the run
A part
Put all steps into order.
- First things first
- Second things later
1. One
2. Two
⚠ Older model The model is older than your data.
Customer: Where is my order?
Base model: See FAQ.
{"messages": []}
Simulated screen · Portal > Build > Fine-tune
Base model (1): gpt-4.1-mini
Monitor
Figures
A: Base 1
[Both losses fall.]
File: a.jsonl
{}
Type: …
Politeness 2/5 · Helpfulness: not judged
Base: See the FAQ.
Politeness 2/5
Tuned: Let me look.
Epochs: Value 3
Politeness: Base 2.1, Tuned 4.6
Where?: Base See the FAQ, please., Tuned Let me look.
[Both losses fall.]
[It rose.]
running: epoch 1 of 2
● Queue · ◐ Training · ○ Check
■■■■□□□□□□ 40%
[Both losses fall.]
0:00 Job created.
[A speech bubble]
[The certificate of **Ann**]
1. Words
Learn some.
about 5 min · new
Before
A talk
After
{}
epoch: One pass over the examples.
Phase 3 of 4
Overview -> https://learn.microsoft.com/azure/foundry
Privacy -> /privacy
Bring it on the page.
Your training set -> training-set.jsonl
Why?
Because.
What do you notice?
1. Select base model
2. Upload training dataset
What matters?
1. Select base model
2. Upload training dataset
Choose
1. Select base model
2. Upload training dataset
Order
1. Select base model
2. Upload training dataset
Epochs
3
Your idea
One line
[Check order] [Back] [Help]
(Where is my order?)"""


def test_a_message_reads_like_a_chat() -> None:
    asked = Message((*READ, *ASK), BUTTONS, ("Where is my order?",), STAMP)
    assert transcript([Typing(), asked]) == CHAT


def test_what_is_spoken_is_brief() -> None:
    said = spoken([Text("Words and more words. " * 100)])
    assert len(said) <= 402
    assert said.endswith(" …")
