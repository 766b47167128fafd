"""A live session's room: where the talk is, what is open, what an answer is worth. Pure."""
