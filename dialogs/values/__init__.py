"""The values that the tutor is made of: events, progress, replies, facts, turns, scenes."""
