"""How long things take a careful beginner, beyond reading: stated, not measured."""

PRESS_S = 4  # find the button, press it, see the answer come
LOOK_S = 5  # compare a frame of a demonstration with the one before, or a mark with its field
WEIGH_S = 5  # decide on one item of a list
MOVE_S = 7  # find the place of one thing among others
SET_S = 15  # choose a number and think why
CHOOSE_S = 10  # choose among options that were read, now and then a second time
TALK_S = 20  # write or tap a message, wait for the reply and read it
JUDGE_S = 20  # answer a question that needs a look at one's own data or figures
RUN_S = 30  # predict, set parameters that are filled in, look at two curves
WRITE_S = 75  # two or three sentences of one's own
FORMAT_S = 75  # paste the pattern or the line before, change two texts, mend it once
PROMPT_S = 90  # read fifteen instructions and examples, try them once, read four short replies
EXPLORE_S = 80  # filter, open a figure, change the sample size

LAB_RUNS = 3  # a good one, one of too little and one of too much

# Explanations of conversations that were treated rightly, and a screen's tips, stand behind a
# button; half of them are opened.
REASONS_OPENED = 0.5
