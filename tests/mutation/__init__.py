"""Small faults are put into the code; a test has to notice each of them."""
