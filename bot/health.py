"""`python -m bot.health`: exit code 0 when the tutor of this machine answers, else 1."""

import os
import sys
from http.client import HTTPConnection

TIMEOUT_S = 2
EVERYWHERE = "0.0.0.0"  # noqa: S104 (it is only compared with)


def main() -> int:
    """Ask where the tutor's own settings say that it listens."""
    host = os.environ.get("HOST") or EVERYWHERE
    here = "127.0.0.1" if host == EVERYWHERE else host
    line = HTTPConnection(here, int(os.environ.get("PORT") or 3978), timeout=TIMEOUT_S)
    try:
        line.request("GET", "/healthz")
        return 0 if line.getresponse().status == 200 else 1  # noqa: PLR2004 (it answers well)
    except OSError as error:
        sys.stderr.write(f"the tutor doesn't answer: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
