"""Short digests that tell whether content changed in more than its words."""

import json
from hashlib import sha256

from content.cached import cached_by_identity
from content.editions import common
from content.lesson import Lesson, Step


@cached_by_identity(2000)
def digest(step: Step) -> str:
    """The digest of what a step asks in any language, so that stale buttons are known."""
    found = [(list(loc), value) for loc, value in common(step).items()]
    return sha256(json.dumps(found).encode()).hexdigest()[:8]


FORM = "ids-"  # begins a version that is a digest of ids; earlier ones were of the files


def version(lesson: Lesson) -> str:
    """The digest of a lesson's plan: its phases and the ids and kinds of their steps, in order."""
    plan = [(p.id, [(s.id, s.kind) for s in p.steps]) for p in lesson.phases]
    ends = [lesson.start.id, lesson.complete.id]
    return FORM + sha256(json.dumps([plan, ends]).encode()).hexdigest()[:16]
