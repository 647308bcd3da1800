"""The one result file of a folder, where a tool writes a folder a run."""

from fnmatch import fnmatch
from itertools import islice
from pathlib import Path

from ctlab.errors import RecordedError
from ctlab.inputs import shown

_PATTERNS = ("samples_*.jsonl", "*_samples.jsonl", "*.eval", "*.table.json")
_WHOLE = "scenario_state.json"  # HELM's folder is read as a whole
_REPORT = "report.json"
_MOST = 20_000  # entries that are looked at: a run's folder has fewer, a home folder more
_SHOWN = 6


def result_file_in(path: Path) -> Path:
    """Return the file that a folder holds, a folder that is one format's own, or the path itself where it is none."""
    if not path.is_dir() or (path / _WHOLE).is_file():
        return path
    if (path / _REPORT).is_file() or any(islice(path.glob(f"*/{_REPORT}"), 1)):
        raise RecordedError(
            f"{path.name} is a folder of ctlab's reports, not of results; two reports are held against each other by: "
            "ctlab compare BEFORE AFTER"
        )
    found = sorted({*_runs(path)})
    if len(found) == 1:
        return found[0]
    if not found and any(path.glob("*.wandb")):
        raise RecordedError(
            f"{path.name} is a run of Weights & Biases that logged no table; log the answers as one, or give their file"
        )
    if not found:
        raise RecordedError(
            f"{path.name} is a folder in which no result file of a known tool was found; give the file itself"
        )
    names = ", ".join(shown(each.relative_to(path).as_posix()) for each in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise RecordedError(f"{path.name} is a folder of {len(found)} result files; give one of them: {names}{more}")


def _runs(folder: Path) -> list[Path]:
    try:
        entries = list(islice(folder.rglob("*"), _MOST))
    except OSError as error:
        raise RecordedError(f"{folder.name} cannot be read: {error.strerror}; give the file itself") from None
    runs = []
    for entry in entries:
        if entry.name == _WHOLE:
            runs.append(entry.parent)
        elif any(fnmatch(entry.name, pattern) for pattern in _PATTERNS) or _is_prediction(entry):
            runs.append(entry)
    return runs


def _is_prediction(entry: Path) -> bool:
    """Whether a file lies where OpenCompass writes answers: ``predictions/<model>/<set>.json``."""
    return entry.suffix == ".json" and entry.parent.parent.name == "predictions"
