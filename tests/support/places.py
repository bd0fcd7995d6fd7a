"""Where things are in this repository. A ``conftest`` is no place for it: every folder of tests has one."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("FASTCART_GUARDRAILS", REPOSITORY / "build/release/bin/fastcart-guardrails"))
"""The analyzer."""
