"""Writes JSON files that are never half there."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def write_json(path: Path, document: Any, sort_keys: bool = False) -> None:
    """Write the file whole or not at all; its folder is made if missing. Raises OSError, and ValueError for NaN."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2, sort_keys=sort_keys, allow_nan=False)
            file.write("\n")
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
