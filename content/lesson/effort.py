"""How long things take a careful beginner, beyond reading: stated, not measured.

Answers that go wrong take time as well. After having read what it is about, learners answer about
65% of questions rightly at the first try (Koedinger et al. 2023, "An astonishing regularity in
student learning rate", PNAS 120(13), 27 data sets): `WRONG` of the answers are given twice.
"""

PRESS_S = 4  # find the button, press it, see the answer come
LOOK_S = 5  # compare a frame of a demonstration with the one before, or a mark with its field
SCENE_LOOKS = 3  # at a demonstration: most have two or three settings to play
WEIGH_S = 5  # decide on one item of a list
MOVE_S = 7  # find the place of one thing among others
SET_S = 15  # choose a number and think why
CHOOSE_S = 8  # choose among options that were read
TALK_S = 20  # write or tap a message, wait for the reply and read it
JUDGE_S = 20  # answer a question that needs a look at one's own data or figures
RUN_S = 30  # predict, set parameters that are filled in, look at two curves
WRITE_S = 45  # a sentence of one's own
FORMAT_S = 60  # paste the pattern or the line before, and change two texts
PROMPT_S = 75  # weigh fifteen instructions and examples, try them once, read four short replies
EXPLORE_S = 70  # filter, open a figure, change the sample size

WRONG = 0.35  # share of answers that are wrong at first
AGAIN = (
    0.5  # of an answer's time that the second one takes: the question was read and thought about
)
REASON_S = 8  # read why it was wrong, or a hint: some 25 words

LAB_RUNS = 3  # a good one, one of too little and one of too much

# Explanations of conversations that were treated rightly, what a screen's marks say, its tips, and
# what the start screen folds away stand behind a button; half of them are opened.
REASONS_OPENED = 0.5
# Of the ways in which a run can end, or of what a text can cover, a learner meets about as many.
SHARE_MET = 0.6
