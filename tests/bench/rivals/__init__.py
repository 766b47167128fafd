"""Echo bots to compare with, each a program of its own: `python <file> <port>`."""
