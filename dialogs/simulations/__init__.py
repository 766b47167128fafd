"""Simulations that lessons use; the first is the persona company."""
