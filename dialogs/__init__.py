"""The tutor itself: pure functions from a learner's event to a turn."""

import os

# Before numpy is imported: matrices are small in this house, and threads of OpenBLAS wait for each
# other ten times longer than they work. What is trained must also be the same on any number.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
