"""Faults on purpose: what learners did must survive them."""
