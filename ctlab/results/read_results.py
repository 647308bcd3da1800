"""The rows of a result file, whatever tool wrote it."""

import os
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import NO_FILE, is_no_file, read_bytes, shown
from ctlab.mistaken_files import told_by_entries
from ctlab.records.result_row import Results
from ctlab.results.folder import result_file_in
from ctlab.results.formats import FORMATS
from ctlab.results.formats.summaries_only import what_it_sums
from ctlab.results.repeated_ids import numbered
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ROLES, ReadOptions, ResultFormat
from ctlab.results.zip_entries import Archive

_ALIKE = 0.8  # of `difflib`: a key with a letter too few is still that key
_KEYS_SHOWN = 12  # keys of an unknown file in its sentence


def read_results(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    filter: str | None = None,
    format: str | None = None,
) -> Results:
    """Read a result file in any known format (docs/results.md).

    Parameters
    ----------
    path : path
        The file, or the folder of tools that write one a run.
    columns : mapping of str to str, optional
        Column of each role that is not to be guessed: ``{"answer": "pred", "id": "qid"}``. Roles are ``id``,
        ``question``, ``answer``, ``gold``, ``score``, ``repeat`` and ``error``; an empty name says that there is none.
    filter : str, optional
        Which of the tool's filters is taken, such as ``strict-match``; by default the first that the file writes.
    format : str, optional
        Name of the format, where it is not to be recognised.

    Returns
    -------
    Results
        Its rows in the file's order. RecordedError says in one sentence why a file cannot be read.
    """
    return read_with(path, ReadOptions(columns=dict(columns or {}), filter=filter), format=format)


def read_with(path: str | os.PathLike[str], options: ReadOptions, *, format: str | None = None) -> Results:
    """Read a result file as `read_results` does, with options of any kind."""
    if not isinstance(path, str | os.PathLike):
        raise RecordedError(f"a result file is a path, not {shown(path)}; write where it lies, in quotes")
    file = ResultFile(result_file_in(Path(path)))
    results = _format_of(file, format, options).read(file, options)
    if not results.rows:
        raise RecordedError(f"{file.name} holds no answers ({results.format}); give a whole result file")
    rows, notes = numbered(results.rows)
    return replace(results, rows=rows, notes=(*results.notes, *notes))


def result_parts(path: str | os.PathLike[str], *, format: str | None = None) -> tuple[Path, ...]:
    """Return every file that decides what `read_results` makes of a path."""
    file = ResultFile(result_file_in(Path(path)))
    return _format_of(file, format, ReadOptions()).parts(file)


def _format_of(file: ResultFile, name: str | None, options: ReadOptions) -> ResultFormat:
    """Find the first format that recognises a file and can do what was asked."""
    _refuse_unreadable(file)
    if name is not None:
        recognised = [_named(name)]
        if not recognised[0].recognises(file):
            raise RecordedError(f"{file.name} is not in the format {name}, which is {recognised[0].described}")
    elif not options.columns and (summary := what_it_sums(file.first)) is not None:
        raise RecordedError(f"{file.name} is {summary}")
    else:
        recognised = [known for known in FORMATS if known.recognises(file)]
    for known in recognised:
        if not _missing(known, options):
            return known
    if file.is_zip and not recognised:
        raise RecordedError(f"{file.name} is {_what_archive(file)}")
    raise RecordedError(_missing(recognised[0], options) if recognised else _unknown(file))


def _what_archive(file: ResultFile) -> str:
    names = Archive(read_bytes(file.path, error=RecordedError), file.name).names
    if told := told_by_entries(names):
        return told
    holds = f" (it holds {', '.join(map(shown, names[:3]))}{' …' if len(names) > 3 else ''})" if names else ""
    return f"a zip archive without Inspect's entries{holds}; unpack it and give a result file"


def _refuse_unreadable(file: ResultFile) -> None:
    try:
        if file.is_folder:
            return
        # Opening a pipe that nobody writes to never ends.
        if not (endless := is_no_file(file.path)):
            file.path.open("rb").close()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise RecordedError(f"{file.name} cannot be read: {reason}; give a result file that is there") from None
    if endless:
        raise RecordedError(f"{file.name}: {NO_FILE}; write what it holds to a file, and give that")


def _named(name: str) -> ResultFormat:
    for known in FORMATS:
        if known.name == name:
            return known
    raise RecordedError(f"{shown(name)} is no format of results; known are {', '.join(each.name for each in FORMATS)}")


def _missing(known: ResultFormat, options: ReadOptions) -> str:
    """Say what of the options a format cannot do; empty where it can do all."""
    for role, column in options.columns.items():
        if role not in ROLES:
            return f"{shown(role)} is no role of a column; roles are {', '.join(ROLES)}"
        if role not in known.maps:
            can = f"only {', '.join(sorted(known.maps))} can be chosen" if known.maps else "no column can be chosen"
            return f"{role}={column}: {known.name} names its own columns, and {can}"
    if options.filter is not None and not known.filters:
        return f"filter={options.filter}: files of {known.name} have no filters; leave it out"
    return ""


def _unknown(file: ResultFile) -> str:
    """Say which keys a file has, what it comes nearest to, and everything that is known."""
    known = ", ".join(each.name for each in FORMATS)
    if isinstance(file.document, list) and file.document and not file.first:
        return (
            f"{file.name} is a list of {_sort(file.document[0])}, and its rows have no names; write objects such as "
            '{"id": "1", "answer": "18", "gold": "18"} (docs/results.md)'
        )
    keys = [*map(str, file.first)]
    found = f"its keys are {', '.join(map(shown, keys[:_KEYS_SHOWN]))}" if keys else "no keys were found in it"
    more = f" and {len(keys) - _KEYS_SHOWN} more" if len(keys) > _KEYS_SHOWN else ""
    nearest = _nearest(keys)
    near = f"; nearest is {nearest.name} ({nearest.described}: {', '.join(nearest.keys)})" if nearest else ""
    return f"{file.name} is in no known format of results: {found}{more}{near}; known are {known} (docs/results.md)"


def _sort(value: object) -> str:
    return "lists" if isinstance(value, list) else f"values such as {shown(value)}"


def _nearest(keys: list[str]) -> ResultFormat | None:
    def likeness(known: ResultFormat) -> int:
        return sum(bool(get_close_matches(key, known.keys, n=1, cutoff=_ALIKE)) for key in keys[:100])

    best = max(FORMATS, key=likeness)
    return best if likeness(best) and 2 * likeness(best) >= min(len(keys), len(best.keys)) else None
