"""The lessons: YAML, the frozen models it loads into, the loader and the checker."""
