"""Command line: render the FastCart program offline.

    python -m offline --output FILE [--preview] [--no-edges] [--suffix dev] [--config KEY=VALUE]
"""

import argparse
import sys
from pathlib import Path

import pulumi

from fastcart.files import write_json

from .render import PROGRAM_DIR, Request, render


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m offline",
        description="Render the FastCart program to a plain resource list: no Pulumi CLI, no AWS, no network.",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="where to write the JSON")
    parser.add_argument("--preview", action="store_true", help="leave unknown what only AWS can say, as a first preview")
    parser.add_argument("--no-edges", action="store_true", help="leave out dependencies, as a simple mock dump would")
    parser.add_argument("--suffix", default="dev", help="environment to render (default: dev)")
    parser.add_argument(
        "--config", action="append", default=[], metavar="KEY=VALUE", help="override a setting, e.g. fastcart:vpcEndpoints=true"
    )
    parser.add_argument(
        "--program", type=Path, default=PROGRAM_DIR, metavar="DIR", help="another copy of the program to render"
    )
    arguments = parser.parse_args()
    wrong = [setting for setting in arguments.config if "=" not in setting]
    if wrong:
        parser.error(f"--config {wrong[0]}: write it as KEY=VALUE")
    return arguments


def main() -> int:
    """Render as the arguments say. Exit code 2 when the program refuses its config."""
    arguments = _arguments()
    request = Request(
        suffix=arguments.suffix,
        preview=arguments.preview,
        edges=not arguments.no_edges,
        config=dict(setting.split("=", 1) for setting in arguments.config),
        program_dir=arguments.program.resolve(),
    )
    try:
        document = render(request)
    except pulumi.RunError as error:
        print(f"offline: {error}", file=sys.stderr)
        return 2
    write_json(arguments.output, document)
    print(f"rendered {len(document['resources'])} resources to {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
