"""``python -m dropoutlab.experiments list | run NAME | show NAME``."""

import sys

from dropoutlab.experiments.command_line import main

if __name__ == "__main__":
    sys.exit(main())
