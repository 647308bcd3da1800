"""``python -m tests.planted FILE_OR_FOLDER``: are the roles of planted models found? Prints both, and a score."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.planted.model import Found, models_in, told
from tests.planted.report import report_of


def main() -> int:
    """Run each model, print what was expected and found, and return 1 unless all roles are right."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("place", type=Path, metavar="FILE_OR_FOLDER", help="models, NAME.roles.json beside each")
    parser.add_argument("-k", default="", metavar="NAME", help="only models whose name holds this")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep stores and reports there")
    asked = parser.parse_args()
    right = thoughts = whole = 0
    models = [found for found in models_in(asked.place) if asked.k in found.name]
    with tempfile.TemporaryDirectory() as temporary:
        for found in models:
            report = report_of(found, (asked.keep or Path(temporary)) / found.name)
            one, of = _print(found, report)
            right, thoughts, whole = right + one, thoughts + of, whole + (one == of)
    print(f"{whole} of {len(models)} models, {right} of {thoughts} thoughts have exactly the planted roles")
    return 0 if models and whole == len(models) else 1


def _print(found: Found, report: Mapping[str, Any]) -> tuple[int, int]:
    """Print one model; return how many thoughts have exactly the planted roles, and how many there are."""
    expected, said = found.roles, told(report["roles"])
    lacks = {(row["thought"], row.get("step")): row.get("lacks") for row in report["roles"]}
    thoughts = [f"CT{k}" for k in range(found.make().thoughts)]
    thoughts += sorted({row[0] for row in (*expected, *said)} - set(thoughts))
    right = 0
    print(f"== {found.name}")
    for thought in thoughts:
        wanted, got = ([row[1:] for row in rows if row[0] == thought] for rows in (expected, said))
        right += wanted == got
        why = "; ".join(filter(None, (lacks.get((thought, step)) for _, step in got)))
        print(f"  {'ok ' if wanted == got else 'NOT'} {thought}: {_words(wanted)}", end="")
        print("" if wanted == got else f" | found: {_words(got)}{f' (lacks: {why})' if why else ''}")
    print(f"  {report['explanation']['text']}")
    print(f"  {right} of {len(thoughts)} thoughts; {len(report['explanation']['text'].split())} words")
    print(f"  verdicts: {_verdicts(report)}", flush=True)
    return right, len(thoughts)


def _verdicts(report: Mapping[str, Any]) -> str:
    rows = [row for row in report["claims"] if row["family"] == "role"]
    return ", ".join(f"{row['id']} {row['verdict'] or row['status']}" for row in rows)


def _words(roles: list[tuple[str, int | None]]) -> str:
    return ", ".join(role if step is None else f"{role} {step}" for role, step in roles) or "nothing"


if __name__ == "__main__":
    sys.exit(main())
