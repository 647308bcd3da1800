"""Records of arrays, what is left to ask for, and what is said of a task that ended; without a cluster."""

import json
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.errors import CtlabError
from ctlab.lab.executors import slurm_array
from ctlab.lab.executors.shards import Shard, in_blocks
from ctlab.lab.executors.slurm_array import Record, records
from ctlab.lab.executors.slurm_engine import _uncovered
from ctlab.records import RunKey
from ctlab.store.survey import Part, part_of

KEYS = {name: RunKey(model="m", condition=name, decoding="d") for name in ("baseline", "ct0", "ct1")}
SHARDS = [
    Shard(conditions=("baseline", "ct0"), problem_ids=("p1", "p2", "p3")),
    Shard(conditions=("ct1",), problem_ids=("p1", "p2")),
]


def pairs(shards):
    return {(name, each) for shard in shards for name in shard.conditions for each in shard.problem_ids}


@given(st.sets(st.sampled_from(sorted(pairs(SHARDS)))))
def test_what_is_asked_for_is_what_nobody_was_asked_for(asked):
    known = {}
    for name, problem_id in asked:
        known.setdefault(KEYS[name].digest, set()).add(problem_id)
    left = _uncovered(SHARDS, KEYS, [known])
    assert pairs(left) == pairs(SHARDS) - asked
    assert sum(shard.answers for shard in left) == len(pairs(left)), "each once"


def test_conditions_that_lack_the_same_problems_stay_together():
    assert _uncovered(SHARDS, KEYS, []) == SHARDS
    (one, _) = _uncovered(SHARDS, KEYS, [{KEYS["baseline"].digest: {"p2"}, KEYS["ct0"].digest: {"p2"}}])
    assert one == Shard(conditions=("baseline", "ct0"), problem_ids=("p1", "p3"))


@given(st.lists(st.integers(), min_size=1, max_size=50), st.integers(1, 50))
def test_blocks_hold_everything_in_order_and_are_alike_in_size(shards, count):
    count = min(count, len(shards))
    blocks = in_blocks(shards, count)
    assert [each for block in blocks for each in block] == shards
    assert len(blocks) == count
    assert max(map(len, blocks)) - min(map(len, blocks)) <= 1


def test_a_record_is_found_again_and_a_damaged_one_passed_over(tmp_path):
    for name, content in (
        ("a" * 16, json.dumps({"7_0": [[["r"], ["p1", "p2"]]], "7_1": [[["r"], ["p3"]]]})),
        ("b" * 16, "{"),
    ):
        (tmp_path / "jobs" / name).mkdir(parents=True)
        (tmp_path / "jobs" / name / "record").write_text(content)
    (tmp_path / "jobs" / ("c" * 16)).mkdir()
    (record,) = records(tmp_path)
    assert record.pairs(["7_0", "8_0"]) == {"r": {"p1", "p2"}}
    assert record.pairs(record.tasks) == {"r": {"p1", "p2", "p3"}}
    assert part_of(f"jobs/{'a' * 16}/record") == Part.NOTES
    assert records(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    ("error", "output", "said"),
    [
        (None, None, ""),
        ("", "20 answers in 0.1 s\n", "20 answers in 0.1 s"),
        ("Traceback\nStoreError: gone\n\n", "20 answers in 0.1 s\n", "StoreError: gone"),
        ("\x1b[31mslurmstepd: killed", "", "[U+001B][31mslurmstepd: killed"),
    ],
)
def test_the_last_line_of_a_log_is_its_error_before_the_rest(tmp_path, error, output, said):
    for kind, text in (("err", error), ("out", output)):
        if text is not None:
            (tmp_path / f"7_0_0_log.{kind}").write_text(text)
    assert Record(folder=tmp_path, tasks={}).last_line("7_0") == said


def test_where_slurm_is_not_there_nothing_is_known_of_tasks(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert slurm_array.states() is None
    assert slurm_array.ended_as(["7_0"]) == {}


TRACE = """Job (task=0) failed during processing with trace:
----------------------
Traceback (most recent call last):
  File "submission.py", line 55, in process_job
ctlab.errors.CtlabError: the worker on node7 has other source of ctlab than who asks
----------------------
You can check full logs with 'job.stderr(0)' and 'job.stdout(0)'or at paths:
  - /store/jobs/0_log.err"""


def test_what_a_task_raised_is_said_and_where_its_logs_are(tmp_path):
    utils = pytest.importorskip("submitit.core.utils")
    with (
        pytest.raises(
            CtlabError, match=r"^a task of Slurm failed: CtlabError: the worker on node7 .* who asks; its logs are in /"
        ),
        slurm_array._waiting(tmp_path),
    ):
        raise utils.FailedJobError(TRACE)
    with (
        pytest.raises(CtlabError, match=r"^a task of Slurm ended without .*: killed; run again, with more time \("),
        slurm_array._waiting(tmp_path),
    ):
        raise utils.UncompletedJobError("Job 7 (task: 0)\nkilled")


def test_what_was_taken_of_an_array_stays_where_the_rest_was_refused(tmp_path):
    utils = pytest.importorskip("submitit.core.utils")
    for tasks, stays in (({}, False), ({"7_0": []}, True)):
        folder = tmp_path / str(len(tasks))
        folder.mkdir()
        (folder / "record").write_text(json.dumps(tasks))
        with pytest.raises(CtlabError, match="did not take"), slurm_array._handing_in(folder):
            raise utils.FailedJobError("sbatch: error: no")
        assert folder.exists() is stays


def test_nobody_else_may_write_what_tasks_unpickle(tmp_path):
    before = os.umask(0)
    try:
        folder = slurm_array._new_folder(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
