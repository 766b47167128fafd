"""The tests. Figures that they know by heart are those of one kind of processor."""

import os
import platform

if platform.machine() in {"x86_64", "AMD64"}:
    # OpenBLAS chooses its kernels by the processor, and a training's last bits come of them: on
    # one of another kind a run that is on the edge ends otherwise. Read when numpy is loaded.
    os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")
