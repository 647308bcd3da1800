"""Recorded answers in place of generations: read once, kept under the checksum of their files."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import NO_FILE, is_no_file
from ctlab.problems import ProblemSet
from ctlab.records.generation import Generation, RunKey


def recorded_generations(file: Path, problems: ProblemSet) -> tuple[Generation, ...]:
    """Read a file of recorded answers and match it to the problems; RecordedError names the first mismatch."""
    from ctlab.results import read_recorded

    return read_recorded(file, problems)


def check_different(files: Mapping[str, Path]) -> None:
    """Refuse one file under two names: whatever is compared between them was decided by the copy."""
    names: dict[str, str] = {}
    for name, file in files.items():
        other = names.setdefault(_digest(file), name)
        if other != name:
            raise RecordedError(
                f"the recorded answers of {name} ({file}) are, byte for byte, those of {other} ({files[other]}); "
                "two conditions need two files: leave one out, or give the file that was meant"
            )


def recorded_key(file: Path) -> RunKey:
    """Identify recorded answers by what their file holds."""
    return RunKey(model="recorded", condition=_digest(file), decoding="")


def recorded_digest(files: Mapping[str, Path]) -> str:
    """Digest a whole set of recorded answers by condition; it stands where a model's digest would."""
    # With their names: the same files under swapped conditions are other answers.
    parts = [f"{name}={_digest(file)}" for name, file in sorted(files.items())]
    return "recorded-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _digest(file: Path) -> str:
    try:
        if is_no_file(file):
            raise RecordedError(f"the recorded answers {file}: {NO_FILE}")
        return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise RecordedError(f"cannot read the recorded answers {file}: {error.strerror or error}") from error
