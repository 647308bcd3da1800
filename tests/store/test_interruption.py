"""Real processes: killed, interrupted, two at once. Each prints the pairs that it generates."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.store import GenerationStore
from tests.store.answers import Engine, answer, key

SCRIPT = """
import sys, time
from pathlib import Path
from ctlab.store import GenerationStore
from tests.store.answers import Engine, key

def slowly(missing):
    engine = Engine()
    for batch in engine(missing):
        print("generated", *(f"{name}:{each.problem_id}" for name, run in batch.items() for each in run), flush=True)
        yield batch
        time.sleep(float(sys.argv[2]))

keys = {name: key(name) for name in ("baseline", "ct0_blocked")}
ids = tuple(f"p{i}" for i in range(8))
GenerationStore(Path(sys.argv[1]), print).collect(keys, ids, slowly)
"""
KEYS = {name: key(name) for name in ("baseline", "ct0_blocked")}
IDS = tuple(f"p{i}" for i in range(8))
ROOT = Path(__file__).parents[2]


def start(root: Path, pause: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(root), str(pause)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def generated(output: str) -> list[str]:
    return [pair for line in output.splitlines() if line.startswith("generated") for pair in line.split()[1:]]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill-9", "ctrl-c"])
def test_an_ended_run_is_taken_up_where_it_was(tmp_path, how):
    first = start(tmp_path, pause=30)
    assert first.stdout is not None
    begun = first.stdout.readline()
    # A batch is announced before it is published, so this one may be in flight.
    first.send_signal(how)
    rest, _ = first.communicate(timeout=20)
    assert first.returncode != 0

    second = start(tmp_path, pause=0)
    output, errors = second.communicate(timeout=60)
    assert second.returncode == 0, errors
    before, after = generated(begun + rest), generated(output)
    assert set(before) | set(after) == {f"{name}:{each}" for name in KEYS for each in IDS}
    assert set(before) & set(after) <= set(generated(begun))
    assert GenerationStore(tmp_path).read(KEYS, IDS) == {k: tuple(answer(k, each) for each in IDS) for k in KEYS}


def test_finished_batches_survive_a_kill(tmp_path):
    first = start(tmp_path, pause=0.3)
    assert first.stdout is not None
    lines = [first.stdout.readline() for _ in range(3)]
    first.kill()
    first.communicate(timeout=20)
    done = set(generated("".join(lines[:2])))  # the third was in flight
    engine = Engine()
    GenerationStore(tmp_path).collect(KEYS, IDS, engine)
    assert done.isdisjoint(f"{name}:{each}" for name, each in engine.asked)


def test_two_processes_at_once_generate_each_answer_once(tmp_path):
    both = [start(tmp_path, pause=0.4) for _ in range(2)]
    outputs, errors = zip(*(each.communicate(timeout=60) for each in both), strict=True)
    assert [each.returncode for each in both] == [0, 0], errors
    pairs = [pair for output in outputs for pair in generated(output)]
    assert sorted(pairs) == sorted({f"{name}:{each}" for name in KEYS for each in IDS})
    assert any("waiting for it" in output for output in outputs)
