"""The names of a learner's own figures that words in content may have filled in.

A lesson's text names a figure in braces, as `{examples}`; the checker knows these names
and no others.
"""

FIGURE_NAMES: frozenset[str] = frozenset()
