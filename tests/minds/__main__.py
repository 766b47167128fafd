"""`python -m tests.minds`: learners of different minds go through the main lesson.

Prints who gets through, and word for word what each was told about data, runs and model. Read it.
`--quiz` stops after the assessment's figures, which take some seconds; the rest takes minutes.
"""

import argparse

from content.lesson import QuizStep
from tests import lessons
from tests.conversation.classroom import Classroom
from tests.minds.quizzed import ATTEMPTS, shares
from tests.minds.walks import MAIN, Course, experimenting, flawed, hasty, walk, with_targets

SKILLS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9)
LEARNERS = 200


def report(name: str, course: Course) -> None:
    """How far somebody came, and what they were told."""
    print(f"\n=== {name}: {'through' if course.is_through else 'not through'}")
    for step, told in course.told:
        print(f"\n--- {step}\n{told}")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.minds")
    parser.add_argument("--quiz", action="store_true")
    given = parser.parse_args()
    tutor = lessons.tutor()
    room = Classroom(tutor, MAIN)
    scene = tutor.scene(room.learner, tutor.library.lessons[MAIN], room.now, room.results)
    for step in scene.lesson.steps_of(QuizStep):
        print(f"passed {step.id} by attempt 1 to {ATTEMPTS}, of {LEARNERS}; all remember and guess")
        for skill in SKILLS:
            found = " ".join(f"{share:6.1%}" for share in shares(step, scene, skill, LEARNERS))
            print(f"  knows {skill:.0%}: {found}")
    if given.quiz:
        return
    for gate, opened in hasty(tutor).items():
        print(f"hasty at {gate}: {'passes' if opened else 'is stopped'}")
    report("careful", walk(tutor, {}))
    for name in flawed(tutor):
        report(f"experimenting with {name}", experimenting(tutor, name))
    for targets in ((3, 75), (5, 100)):
        report(f"with targets {targets[0]} and {targets[1]}", with_targets(tutor, *targets))


if __name__ == "__main__":
    main()
