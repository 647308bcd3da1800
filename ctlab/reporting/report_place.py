"""Which report is meant by a path that somebody typed: its folder, or the JSON in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ctlab.errors import InputError
from ctlab.reporting.schema import REPORT

_SUCH_AS = "such as reports/latest"


def report_folder(place: Path) -> Path:
    """Return the folder of a report; InputError where there is none."""
    if place.is_file() and place.name != REPORT:
        raise _no_report(place)
    return report_file(place).parent


def report_file(place: Path) -> Path:
    """Return the JSON of a report, under whatever name; InputError where there is none."""
    if not place.exists():
        raise InputError(f"{place} does not exist; give the folder of a report, {_SUCH_AS}")
    if not place.is_dir() and place.suffix != ".json":
        raise _no_report(place)
    file = place / REPORT if place.is_dir() else place
    if not file.exists():
        raise InputError(f"{place} holds no {REPORT}; give the folder of a report, {_SUCH_AS}")
    return file


@contextmanager
def named(folder: Path) -> Iterator[None]:
    """Say what is wrong with a report's content with the folder that it lies in, and what to do."""
    try:
        yield
    except InputError as error:
        text = str(error).rstrip(".")
        where = "" if str(folder) in text or folder == Path() else f"{folder}: "
        advice = "" if ";" in text else "; give a report as it was written"
        raise InputError(f"{where}{text}{advice}") from None


def _no_report(place: Path) -> InputError:
    return InputError(
        f"{place} is no report; give the folder of one, {_SUCH_AS}, or its {REPORT}; result files are held against "
        "each other by: ctlab judge A B"
    )
