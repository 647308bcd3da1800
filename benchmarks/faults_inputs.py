"""Files that nobody should have written, and places that are none, given to everything that reads a file.

Contents are those of ``tests/test_inputs.py``. Rows of JSON may hold what one JSON text may not, so that some of them
can be read; everything else must be refused in a sentence, and nothing may be waited for. Whole files are read.
"""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.faults_cases import Came, allowed, came_of, cases, forbidden
from benchmarks.faults_outcomes import HARM, Outcome, Row, row
from benchmarks.fuzz_kinds import PROBLEMS, REGISTRY
from ctlab.claims import Registry
from ctlab.commands.audit_sheet import HEAD, read_sheet
from ctlab.inputs import MOST_BYTES
from ctlab.models.checkpoints.weight_files import read_json as read_settings
from ctlab.problems import load_problems
from ctlab.reporting.report_files import read_json as read_report
from ctlab.results import read_recorded
from ctlab.store import locks
from ctlab.store.locks import locked
from tests.store.test_locks import test_what_cannot_be_locked_is_one_sentence_at_once as locks_refused
from tests.test_inputs import test_json_that_cannot_be_read_is_one_sentence as json_refused
from tests.test_inputs import test_toml_that_cannot_be_read_is_one_sentence as toml_refused

_MOST_S, _MOST_BYTES = 20, 1 << 29
"""Time and further memory that reading one file may take; the largest is of a hundred thousand characters."""
Reader = Callable[[Path], Any]
JSON: dict[str, Reader] = {"ctlab.json": read_settings, "report.json": read_report}
TOML: dict[str, Reader] = {"registry.toml": Registry.load}
ROWS: dict[str, Reader] = {
    "problems.jsonl": lambda path: list(load_problems(str(path))),
    "answers.jsonl": lambda path: read_recorded(path, PROBLEMS),
    "sheet.csv": read_sheet,
}
WHOLE = {
    "ctlab.json": "{}",
    "report.json": "{}",
    "registry.toml": REGISTRY,
    "problems.jsonl": '{"question": "What is 7 plus 4?", "gold": "11"}\n',
    "answers.jsonl": "".join(
        f'{{"problem_id": "{problem.id}", "output": "The answer is: 7"}}\n' for problem in PROBLEMS
    ),
    "sheet.csv": ",".join(HEAD) + "\nbaseline,p,What?,11,7,UNEXPLAINED,\n",
}
"""A file of each kind that is as it should be: readers that refuse everything prove nothing."""


def file_rows(folder: Path, most: int | None = None) -> Iterator[Row]:
    """Give every reader every file, or the first ``most``; a row each kind of file."""
    for name, reader in JSON.items():
        yield _row(f"{name} that is none", reader, _contents(folder, name, json_refused)[:most], forbidden)
    for name, reader in TOML.items():
        yield _row(f"{name} that is none", reader, _contents(folder, name, toml_refused)[:most], forbidden)
    for name, reader in ROWS.items():
        yield _row(f"rows of {name}", reader, _contents(folder, name, json_refused)[:most], allowed)
    for name, reader in (JSON | TOML | ROWS).items():
        yield _row(f"a place that is no {name}", reader, _places(folder, name)[:most], forbidden)
    yield _locks(folder, most)
    for name, reader in (JSON | TOML | ROWS).items():
        path = folder / name
        path.write_text(WHOLE[name], encoding="utf-8")
        value = reader(path)  # what is raised here ends the measurement: it would be of nothing
        assert value is not None, name


def _row(fault: str, reader: Reader, paths: list[Path], judge: Callable[[Any], Outcome]) -> Row:
    came: list[Came] = []
    for path in paths:
        with _impatient():
            came.append(came_of(lambda path=path: reader(path), judge))
    return _counted(fault, came)


def _counted(fault: str, came: list[Came]) -> Row:
    bad = [f"{fault}, case {n}: {outcome}: {why}" for n, (outcome, why) in enumerate(came) if outcome in HARM]
    return row(fault, [outcome for outcome, _ in came], bad)


def _contents(folder: Path, name: str, test: Callable[..., None]) -> list[Path]:
    """Write the contents that a test refuses, each into a folder of its own."""
    paths = []
    for number, case in enumerate(cases(test)):
        path = folder / f"content-{number}" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        content = case["content"]
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return paths


def _places(folder: Path, name: str) -> list[Path]:
    """A folder, a pipe, a device that never ends, a link to itself, a file of more than may be read."""
    places = [folder / place / name for place in ("folder", "pipe", "device", "link", "huge")]
    for place in places:
        place.parent.mkdir(exist_ok=True, parents=True)
    a_folder, pipe, device, link, huge = places
    a_folder.mkdir()
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    link.symlink_to(link)
    huge.touch()
    os.truncate(huge, MOST_BYTES + 1)  # without a block on the disk
    return places


def _locks(folder: Path, most: int | None) -> Row:
    """Lock a folder whose file system answers with an error."""
    came = []
    for case in cases(locks_refused)[:most]:
        refusal = OSError(case["code"], os.strerror(case["code"]))

        def lock() -> None:
            with locked([folder], "lock", "generating", lambda _: None):
                pass

        refusing = mock.patch(f"ctlab.store.locks.{case['call']}", side_effect=refusal)
        with _impatient(), mock.patch.object(locks, "check_writable"), refusing:
            came.append(came_of(lock, forbidden))
    return _counted("a lock that the system refuses", came)


@contextmanager
def _impatient() -> Iterator[None]:
    """What waits ends in a TimeoutError, and what reads without end in a MemoryError, before it takes the machine."""

    def late(*_: Any) -> None:
        raise TimeoutError(f"nothing came of it within {_MOST_S} s")

    before, (soft, hard) = signal.signal(signal.SIGALRM, late), resource.getrlimit(resource.RLIMIT_AS)
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (held + _MOST_BYTES, hard))
    signal.alarm(_MOST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
