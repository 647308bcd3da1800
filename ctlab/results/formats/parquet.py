"""Parquet, read by pyarrow."""

from ctlab.errors import RecordedError
from ctlab.inputs import MOST_BYTES, read_bytes, shortened
from ctlab.records.result_row import Results
from ctlab.results.columns import Rows
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ALL_ROLES, ReadOptions, ResultFormat
from ctlab.results.table_rows import table_results

MOST_ROWS = 5_000_000
"""More are refused: a column of one value repeated takes no room in the file and a lot in memory."""


class Parquet(ResultFormat):
    """A table with a schema."""

    def recognises(self, file: ResultFile) -> bool:
        """By its first bytes."""
        return file.is_parquet

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every row; the size that it unpacks to is bounded."""
        return table_results(file, _rows(file), options, format=self.name)


PARQUET = Parquet(name="parquet", described="a parquet file", maps=ALL_ROLES)


def _rows(file: ResultFile) -> Rows:
    import pyarrow
    from pyarrow.parquet import ParquetFile

    content = read_bytes(file.path, error=RecordedError)
    try:
        parquet = ParquetFile(pyarrow.BufferReader(content))
        unpacked = sum(parquet.metadata.row_group(at).total_byte_size for at in range(parquet.metadata.num_row_groups))
        if unpacked > MOST_BYTES or parquet.metadata.num_rows > MOST_ROWS:
            raise RecordedError(
                f"{file.name} unpacks to {parquet.metadata.num_rows:,} rows and {unpacked:,} bytes, and at most "
                f"{MOST_ROWS:,} rows and {MOST_BYTES:,} bytes are read; split it"
            )
        table = parquet.read(use_threads=False)  # as in store/shards.py: a short process could be aborted at its end
        return [(f"row {at}", row) for at, row in enumerate(table.to_pylist(), start=1)]
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, OverflowError) as error:
        if isinstance(error, RecordedError):
            raise
        raise RecordedError(
            f"{file.name}: it is no whole parquet file ({shortened(str(error))}); write it again"
        ) from None
