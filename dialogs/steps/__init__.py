"""One module for each kind of step: `present` puts it to the learner, `answer` judges."""
