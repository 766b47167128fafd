"""What an operator sees of the running tutor: a log line for each turn, traces, metrics."""
