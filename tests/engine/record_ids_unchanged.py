"""Records that the engine's source answers as before: ``python -m tests.engine.record_ids_unchanged``.

Stored answers and measurements cost weeks of a GPU, so they are not kept under a digest of source, which every edit
changes, but under a version that a person raises (``ENGINE``, ``VERSION``). That nobody forgets to is seen to here:
``ids_unchanged.toml`` holds the digest of the source that the version stands for, ``test_ids_unchanged.py`` fails when
it is another one, and only this command writes the file, after golden vectors and references were met token by token.
"""

import datetime
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from xml.etree import ElementTree

from ctlab.records.generation import ENGINE
from ctlab.records.measurement import VERSION
from ctlab.source_digest import source_digest

FILE = Path(__file__).with_name("ids_unchanged.toml")
COMMAND = f"python -m tests.engine.{Path(__file__).stem}"
ROOT = Path(__file__).parents[2]

SHOWN_BY = (
    "tests/engine/test_golden.py",
    "tests/engine/test_against_oracle.py",
    "tests/engine/test_thought_patching.py",
    "tests/engine/test_as_published.py",
    "tests/engine/test_control_token.py",
    "tests/models/families/test_golden_families.py",
    "tests/models/families/test_pccot.py",
    "tests/models/families/test_adalr.py",
    "tests/models/families/test_huginn.py",
    "tests/probes/test_measuring.py",
    "tests/probes/test_measuring_passes.py",
)
"""Tests that hold token ids and measurements to what other programs found; the slow ones of them too."""

VERSIONS = {
    "answers": ("ENGINE", "ctlab/records/generation.py"),
    "measurements": ("VERSION", "ctlab/records/measurement.py"),
}
"""What is stored under which version, and where that stands."""


def current() -> dict[str, dict[str, str]]:
    """What is stored, with its version and the digest of the source that decides it."""
    loading = "ctlab.models.checkpoints.loading"
    answers = source_digest("ctlab.engine.answers", "ctlab.engine.multi_device", loading)
    measurements = source_digest("ctlab.probes.measuring", loading)
    return {
        "answers": {"version": ENGINE, "source": answers},
        "measurements": {"version": VERSION, "source": measurements},
    }


def recorded() -> dict[str, dict[str, str]]:
    """What the file says, without how it was shown."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {kind: {key: content[kind][key] for key in ("version", "source")} for kind in content}


def main() -> int:
    """Run the tests and write the file; 1 when a test failed or had no data to run on."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        pytest = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not long", f"--junit-xml={results}"]
        failed = subprocess.run([*pytest, *SHOWN_BY], cwd=ROOT, check=False).returncode != 0
        cases = list(ElementTree.parse(results).iter("testcase")) if results.is_file() else []
    skipped = {skip.get("message", "") for case in cases for skip in case.iter("skipped")}
    unseen = [reason for reason in sorted(skipped) if "no GPU" not in reason]  # a GPU has its own rounding
    if failed or unseen:
        print("Nothing was recorded:", "; ".join(unseen) or "ids are others, or something is broken")
        return 1
    FILE.write_text(_content(sum(len(case) == 0 for case in cases)), encoding="utf-8")
    print(f"{FILE} says now that the ids are unchanged; commit it with the change.")
    return 0


def _content(passed: int) -> str:
    lines = [
        f"# Written by `{COMMAND}`, never by hand: {passed} tests passed",
        "# that hold token ids and measurements to golden vectors and references.",
    ]
    for kind, entry in current().items():
        lines += ["", f"[{kind}]", *(f'{key} = "{value}"' for key, value in entry.items())]
        lines += ['ids = "unchanged"', f"date = {datetime.date.today()}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
