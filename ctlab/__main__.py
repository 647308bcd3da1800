"""``python -m ctlab``: the commands beside pytest."""

import sys

from ctlab.commands.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
