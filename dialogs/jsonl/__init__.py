"""JSONL files: a reader that names every slip, and the checker of training lines."""
