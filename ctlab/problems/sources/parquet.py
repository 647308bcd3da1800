"""Parquet files, as data sets on the hub are stored."""

from collections.abc import Iterator
from pathlib import Path

from ctlab.errors import ProblemSetError
from ctlab.inputs import shortened, shown
from ctlab.problems.rows.row_form import Row
from ctlab.problems.sources.source import Source, Table, file_begins, set_name

_MARK = b"PAR1"


class Parquet(Source):
    """One parquet file."""

    def recognises(self, name: str) -> bool:
        """By its suffix, or by the mark that it begins with."""
        path = Path(name).expanduser()
        return path.is_file() and (path.suffix == ".parquet" or file_begins(path).startswith(_MARK))

    def table(self, name: str, split: str) -> Table:
        """Read every row."""
        path = Path(name).expanduser()
        return Table(name=set_name(path), origin=path.name, rows=_rows(path), unit="row")


PARQUET = Parquet(described="a parquet file")


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    import pyarrow
    from pyarrow import parquet

    number = 0
    if not (start := file_begins(path)).startswith(_MARK):
        begins = shown(start.partition(b"\n")[0].decode("utf-8", "replace"))
        raise ProblemSetError(f"{path.name} is called parquet and is none (it begins with {begins}); name it as it is")
    try:
        # Without threads, as in store/shards.py: a short process could be aborted at its end.
        for batch in parquet.ParquetFile(path, pre_buffer=False).iter_batches(use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise ProblemSetError(f"{path.name}: it cannot be read as parquet ({shortened(str(error))})") from None
