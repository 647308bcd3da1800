"""What a shard holds comes back, and costs nothing where it is not there."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

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


TASKS = Path("/proc/self/task")
READ = """
import sys
from pathlib import Path
import pyarrow.parquet  # which starts one that is waited for
from ctlab.problems.sources.parquet import PARQUET as PROBLEMS
from ctlab.results.formats.parquet import _rows
from ctlab.results.result_file import ResultFile
from ctlab.store.shards import decode

path = Path(sys.argv[1])
before = len([*Path("/proc/self/task").iterdir()])
if sys.argv[2] == "shard":
    assert decode(path.read_bytes(), ["plain"], {"plain"})
elif sys.argv[2] == "problems":
    assert [*PROBLEMS.table(sys.argv[1], "test").rows]
elif sys.argv[2] == "results":
    assert _rows(ResultFile(path))
else:
    pyarrow.parquet.ParquetFile(path).read()
print(len([*Path("/proc/self/task").iterdir()]) - before)
"""


@pytest.mark.skipif(not TASKS.is_dir(), reason="this system does not count a process's threads there")
@pytest.mark.parametrize("what", ["shard", "problems", "results", "as pyarrow does it"])
def test_reading_starts_no_thread_that_the_end_of_a_process_could_meet(tmp_path, what):
    """A process that ends while pyarrow starts a thread is aborted: of 518 readers on a busy machine, six were."""
    path = tmp_path / "a.parquet"
    path.write_bytes(encode({"plain": PLAIN}))
    done = subprocess.run([sys.executable, "-c", READ, path, what], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (int(done.stdout) > 0) == (what == "as pyarrow does it")
