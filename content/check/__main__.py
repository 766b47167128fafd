"""`python -m content.check`."""

import sys

from content.check import main

sys.exit(main(sys.argv[1:]))
