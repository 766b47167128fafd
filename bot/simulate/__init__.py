"""Simulated learners: they read, err, go back, press twice, lose their connection and come back.

They speak to a running tutor as a channel does, over HTTP, and know no more of it than what
comes back: what they do next is read from the card that they got. What is right they know from
the lessons' content.
"""
