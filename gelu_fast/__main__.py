"""python -m gelu_fast: the same as the command gelu-fast."""

import sys

from gelu_fast._cli import main

sys.exit(main())
