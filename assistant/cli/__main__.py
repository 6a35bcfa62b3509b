"""`python -m assistant.cli`, the same as `label-assistant`."""

import sys

from assistant.cli import main

sys.exit(main())
