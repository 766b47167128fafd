"""HTTP in general: bodies, errors, other origins, rate limits."""
