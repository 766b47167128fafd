"""What crosses between a channel and a turn: addresses, what came in, signed links."""
