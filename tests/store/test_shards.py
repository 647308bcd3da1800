"""What a shard holds comes back, and costs nothing where it is not there."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq

from ctlab.store.shards import decode, encode
from tests.store.answers import answer

PLAIN = [replace(answer("a", each), row=f"batch:{number}") for number, each in enumerate(("p1", "p2"))]
EXCHANGED = [replace(PLAIN[0], donor="p2"), PLAIN[1]]


def fields(generations):
    return [(each, each.row, each.donor) for each in generations]  # the last two do not decide equality


def test_donors_come_back():
    content = encode({"plain": PLAIN, "exchanged": EXCHANGED})
    found = decode(content, ["plain", "exchanged"], {"plain", "exchanged"})
    assert {name: fields(each) for name, each in found.items()} == {
        "plain": fields(PLAIN),
        "exchanged": fields(EXCHANGED),
    }


def test_numbers_of_thoughts_come_back():
    counted = [replace(PLAIN[0], thoughts=0), replace(PLAIN[1], thoughts=7)]
    content = encode({"a": counted, "b": PLAIN})
    assert decode(content, ["a", "b"], ["a", "b"]) == {"a": counted, "b": PLAIN}
    assert b"thoughts" not in encode({"a": PLAIN})


def test_where_nobody_has_a_donor_a_shard_is_what_it_was_before_there_were_any():
    columns = pq.ParquetFile(pa.BufferReader(encode({"plain": PLAIN}))).schema_arrow.names
    assert columns == ["problem_id", "token_ids", "text", "row"]
    assert fields(decode(encode({"plain": PLAIN}), ["plain"], {"plain"})["plain"]) == fields(PLAIN)
