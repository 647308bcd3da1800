"""Inspect's logs: ``.eval`` (a zip archive) and ``.json``; epochs are repeats of a problem."""

import re
from collections.abc import Mapping
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import parse_json, read_bytes, shown
from ctlab.records.result_row import Results
from ctlab.results.formats.inspect_reader import read_by_inspect
from ctlab.results.formats.inspect_sample import sample_row
from ctlab.results.result_file import ADVICE, ResultFile
from ctlab.results.result_format import ReadOptions, ResultFormat
from ctlab.results.row_values import text_of
from ctlab.results.zip_entries import Archive, UnknownMethodError

_SAMPLE = re.compile(r"samples/.+_epoch_\d+\.json\Z", re.DOTALL)
_HEADERS = ("header.json", "_journal/start.json")  # a log that was not finished has only the second
_BAD = ("cancelled", "error", "started")


class InspectEval(ResultFormat):
    """An archive with an entry a sample."""

    def recognises(self, file: ResultFile) -> bool:
        """By being a zip archive that holds a log's entries."""
        return file.is_zip and any(name in _HEADERS or _SAMPLE.match(name) for name in _archive(file).names)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every sample."""
        archive = _archive(file)
        try:
            header = next((_parsed(archive, name) for name in _HEADERS if name in archive.names), {})
            samples = [_parsed(archive, name) for name in archive.names if _SAMPLE.match(name)]
        except UnknownMethodError as refusal:
            header = read_by_inspect(file.path, refusal)
            samples = header.get("samples") or []
        return _results(file, self.name, header, samples, options)


class InspectJson(ResultFormat):
    """One document with a list of samples."""

    def recognises(self, file: ResultFile) -> bool:
        """By the keys of a log."""
        form = file.document
        return isinstance(form, dict) and isinstance(form.get("eval"), dict) and "status" in form

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every sample."""
        samples = file.document.get("samples") or []
        if not isinstance(samples, list) or not all(isinstance(sample, dict) for sample in samples):
            raise RecordedError(f'{file.name}: "samples" is a list of samples, not {shown(samples)}; {ADVICE}')
        return _results(file, self.name, file.document, samples, options)


INSPECT_EVAL = InspectEval(name="inspect-eval", described="Inspect's .eval log", maps=frozenset({"score"}))
INSPECT_JSON = InspectJson(
    name="inspect-json",
    described="Inspect's .json log",
    keys=("version", "status", "eval", "plan", "results", "stats", "samples"),
    maps=frozenset({"score"}),
)


def _archive(file: ResultFile) -> Archive:
    return Archive(read_bytes(file.path, error=RecordedError), file.name)


def _parsed(archive: Archive, name: str) -> Mapping[str, Any]:
    form = parse_json(archive.text(name), name, error=RecordedError, advice=ADVICE, as_written=True)
    if not isinstance(form, dict):
        raise RecordedError(f"{name} of a log is an object, not {shown(form)}; {ADVICE}")
    return form


def _results(
    file: ResultFile,
    format: str,
    header: Mapping[str, Any],
    samples: list[Mapping[str, Any]],
    options: ReadOptions,
) -> Results:
    status = text_of(header.get("status")) or "started"
    if not samples:
        raise RecordedError(
            f"{file.name} holds no samples (its status is {shown(status)}); give a log with samples (log_samples, no "
            f"header only)"
        )
    notes = []
    if status in _BAD:
        stated = _group(_group(header.get("eval")).get("dataset")).get("samples")
        of = f" of a set of {stated}" if isinstance(stated, int) else ""
        notes.append(f"the run ended as {shown(status)} after {len(samples)} samples{of}")
    scorer, note = _scorer(header, samples, options.columns.get("score"), file.name)
    rows = [sample_row(sample, scorer, f"row {at}", file.name) for at, sample in enumerate(samples, start=1)]
    unscored = sum(row.score is None for row in rows)
    if scorer and unscored:
        note += f", which {unscored} of {len(rows)} samples lack"
    return Results(
        path=str(file.path),
        format=format,
        rows=tuple(rows),
        model=text_of(_group(header.get("eval")).get("model")),
        notes=(*notes, note),
    )


def _scorer(
    header: Mapping[str, Any], samples: list[Mapping[str, Any]], chosen: str | None, file: str
) -> tuple[str, str]:
    """Return the scorer whose score is taken: the one chosen, the log's headline, or its first."""
    there = list(dict.fromkeys(name for sample in samples for name in _group(sample.get("scores"))))
    if chosen and chosen not in there:
        raise RecordedError(f"{file}: score={chosen} is none of its scorers; they are {', '.join(there) or 'none'}")
    if not there:
        return "", "it has no scores"
    headline = text_of(_group(_group(header.get("results")).get("headline")).get("scorer"))
    scorer = chosen or (headline if headline in there else there[0])
    others = [name for name in there if name != scorer]
    return scorer, f"score {scorer}" + (f"; also {', '.join(others)}: ?score=" if others else "")


def _group(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
