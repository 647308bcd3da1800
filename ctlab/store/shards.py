"""One finished batch as parquet: a row group for each run, the same problems in each."""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from ctlab.errors import StoreError
from ctlab.records.generation import Generation
from ctlab.records.packed_generations import PackedGenerations
from ctlab.records.packed_texts import PackedTexts

if TYPE_CHECKING:
    import pyarrow as pa


def encode(runs: Mapping[str, Sequence[Generation]]) -> bytes:
    """Turn generations by run digest into the bytes of one parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # A shard is named by its content: runs of the same answers (a no-op) must not take each other's place.
    of = {"runs": "\n".join(runs)}
    columns = [
        ("problem_id", pa.string()),
        ("token_ids", pa.list_(pa.int32())),
        ("text", pa.string()),
        ("row", pa.string()),
    ]
    if matched := any(generation.donor for generations in runs.values() for generation in generations):
        columns.append(("donor", pa.string()))
    if counted := any(generation.thoughts is not None for generations in runs.values() for generation in generations):
        columns.append(("thoughts", pa.int32()))
    schema = pa.schema(columns, metadata=of)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for generations in runs.values():
            table = {
                "problem_id": [generation.problem_id for generation in generations],
                "token_ids": [generation.token_ids for generation in generations],
                "text": [generation.text for generation in generations],
                "row": [generation.row for generation in generations],
                **({"donor": [generation.donor for generation in generations]} if matched else {}),
                **({"thoughts": [generation.thoughts for generation in generations]} if counted else {}),
            }
            # One row group a run, which can then be read without the others; pyarrow refuses groups of 0 rows.
            writer.write_table(pa.table(table, schema=schema), row_group_size=max(1, len(generations)))
    return bytes(sink.getvalue())


def decode(content: bytes, order: Sequence[str], wanted: Collection[str]) -> dict[str, list[Generation]]:
    """Read the wanted runs back; ``order`` lists the run digests as they were encoded."""
    whole, firsts = decode_packed(content, order, wanted)
    rows = list(whole)
    size = len(rows) // max(len(firsts), 1)
    return {digest: rows[first : first + size] for digest, first in firsts.items()}


def decode_packed(
    content: bytes, order: Sequence[str], wanted: Collection[str]
) -> tuple[PackedGenerations, dict[str, int]]:
    """Read the wanted runs back as columns, after one another, and where each begins; all have as many answers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        runs = (file.schema_arrow.metadata or {}).get(b"runs", b"").decode().split("\n")
        if runs != list(order):
            raise StoreError(f"it holds the runs {', '.join(runs)}, and its entry lists {', '.join(order)}")
        groups = [position for position, digest in enumerate(order) if digest in wanted]
        # In this thread: a process that ends while pyarrow's own are being started is aborted (apache/arrow#34314).
        whole = _packed(file.read_row_groups(groups, use_threads=False))
        sizes = [file.metadata.row_group(position).num_rows for position in groups]
        if len(set(sizes)) > 1:
            raise StoreError(f"its runs hold {', '.join(map(str, sizes))} answers, and each must hold as many")
        firsts = accumulate(sizes, initial=0)
        return whole, {order[position]: first for position, first in zip(groups, firsts, strict=False)}
    except (pa.ArrowException, OSError) as error:
        raise StoreError(f"not a shard that this version wrote: {error}") from error


def _packed(table: "pa.Table") -> PackedGenerations:
    lists = table.column("token_ids").combine_chunks()
    flat, ends = lists.flatten(), lists.offsets
    # Shards that were written before rows were noted have no such column, and most have no donors and count nothing.
    rows, donors = (_texts(table, name) if name in table.column_names else None for name in ("row", "donor"))
    thoughts = table.column("thoughts").to_pylist() if "thoughts" in table.column_names else None
    return PackedGenerations.from_columns(
        tuple(table.column("problem_id").to_pylist()),
        _texts(table, "text"),
        (flat.to_numpy(zero_copy_only=False), ends.to_numpy(zero_copy_only=False)),
        rows=rows,
        donors=donors,
        thoughts=thoughts,
    )


def _texts(table: "pa.Table", name: str) -> PackedTexts:
    column = table.column(name).combine_chunks()
    _, ends, content = column.buffers()
    held = None if content is None else memoryview(content)
    return PackedTexts.from_buffers(memoryview(ends), held, column.offset, len(column))
