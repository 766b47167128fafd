"""The shell: channels, store, workers, web pages. The only room that knows the outside."""

import os

# Before numpy is imported, here and in the workers: its matrices are small in this house, and
# on a busy machine the threads of OpenBLAS wait for each other ten times longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
