"""Recorded answers in place of generations: read once, kept under the checksum of their files and how they are read."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import NO_FILE, is_no_file
from ctlab.lab.log import Log
from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.problems import ProblemSet
from ctlab.records.generation import Generation, RunKey
from ctlab.records.packed_generations import PackedGenerations

Options = Mapping[str, str]
"""How a file is read: columns by role, filter, format, repeat (docs/results.md)."""


def scores_alone(options: Options | None) -> bool:
    """Whether nothing but right and wrong is read of a file."""
    return (options or {}).get("only") == "scores"


def recorded_generations(file: Path, problems: ProblemSet, options: Options | None = None) -> tuple[Generation, ...]:
    """Read a file of recorded answers and match it to the problems; RecordedError names the first mismatch."""
    from ctlab.results import read_recorded

    return read_recorded(file, problems, options)


def check_different(files: Mapping[str, Path], options: Mapping[str, Options]) -> None:
    """Refuse one file under two names, read in one way: whatever is compared between them was decided by the copy."""
    names: dict[str, str] = {}
    for name, file in files.items():
        other = names.setdefault(_digest(file, options.get(name)), name)
        if other != name:
            raise RecordedError(
                f"the recorded answers of {name} ({file}) are, byte for byte, those of {other} ({files[other]}); "
                "two conditions need two files: leave one out, or give the file that was meant"
            )


def read_answers(
    files: Mapping[str, Path],
    options: Mapping[str, Options],
    problems: ProblemSet,
    log: Log,
) -> dict[str, PackedGenerations]:
    """Read every file, by condition; RecordedError where one does not fit, or two ways to read one give one answer."""
    if not files:
        return {}
    ids = problems.ids  # held once for all conditions
    size = condition_times_problem(len(files), len(ids))
    progress = Progress(len(files) * len(ids), size, log, verb="read", patient=True)
    read: dict[tuple[str, str], str] = {}
    found: dict[str, PackedGenerations] = {}
    for name, file in files.items():
        try:
            answers = PackedGenerations.of(recorded_generations(file, problems, options.get(name)), ids)
        except RecordedError as error:
            raise RecordedError(f"recorded answers of {name}: {error}") from None
        other = read.setdefault((_digest(file, None), answers.digest), name)
        if other != name:
            raise RecordedError(
                f"the recorded answers of {name} and {other} are read out of one file ({file}) and are the same; two "
                f"conditions need two answers: choose another column for one, or give the file that was meant"
            )
        found[name] = answers
        progress.advance(len(answers))
    progress.finish()
    return found


def recorded_key(file: Path, options: Options | None = None) -> RunKey:
    """Identify recorded answers by what their file holds and how it is read."""
    return RunKey(model="recorded", condition=_digest(file, options), decoding="")


def recorded_digest(files: Mapping[str, Path], options: Mapping[str, Options]) -> str:
    """Digest a whole set of recorded answers by condition; it stands where a model's digest would."""
    # With their names: the same files under swapped conditions are other answers.
    parts = [f"{name}={_digest(file, options.get(name))}" for name, file in sorted(files.items())]
    return "recorded-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _digest(file: Path, options: Options | None) -> str:
    try:
        if not file.is_dir() and is_no_file(file):
            raise RecordedError(f"the recorded answers {file}: {NO_FILE}")
        state = file.stat()
        if scores_alone(options):
            return _scores_digest(file, options or {})
        parts = _parts(file, (options or {}).get("format"), state.st_mtime_ns, state.st_size)
        digests = [hashlib.sha256(part.read_bytes()) for part in parts]
    except OSError as error:
        raise RecordedError(f"cannot read the recorded answers {file}: {error.strerror or error}") from error
    if len(digests) == 1 and not options:
        return digests[0].hexdigest()[:16]
    form = {"parts": [digest.hexdigest() for digest in digests], "options": dict(options or {})}
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()[:16]


def _scores_digest(file: Path, options: Options) -> str:
    """Digest right and wrong as they are read: what else their file holds says nothing of them."""
    from ctlab.results.read_recorded import read_scores

    scores = [(row.problem, row.repeat, row.score) for row in read_scores(file, options)]
    return hashlib.sha256(json.dumps(scores).encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def _parts(file: Path, format: str | None, mtime_ns: int, size: int) -> tuple[Path, ...]:
    """Find the files that decide the answers, once for each state of the file; finding out reads it."""
    from ctlab.results import result_parts

    return result_parts(file, format=format)
