"""The ordering step: the learner puts shuffled items into their true order."""

