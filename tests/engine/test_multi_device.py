"""Several devices answer as one does."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import pytest

import ctlab
from ctlab.engine import activation_cache_for
from ctlab.engine.multi_device import chunks, generate_on
from ctlab.errors import CtlabError, InputError
from ctlab.models import load_model
from ctlab.records.generation import Decoding
from tests.interventions.ways import way_form

CONDITIONS = [
    ctlab.Condition(name="baseline"),
    ctlab.Condition.from_json({"name": "hidden", "interventions": [{"keys": ["CT0"], "readers": "later"}]}),
]


def broken(*, device):
    raise InputError(f"no model on {device}")


def dies(*, device):
    os._exit(3)


@pytest.mark.slow
def test_two_processes_give_the_answers_of_one():
    problems = list(ctlab.load_problems("tiny"))[:70]  # two chunks
    decoding = Decoding(max_new_tokens=8)
    made = {condition.name: {} for condition in CONDITIONS}
    for batch in generate_on(["cpu", "cpu"], partial(load_model, "tiny"), problems, CONDITIONS, decoding):
        for name, generations in batch.items():
            made[name].update((each.problem_id, each) for each in generations)
    alone = ctlab.generate(load_model("tiny"), problems, CONDITIONS, max_new_tokens=8, certificates=False)
    for name, generations in alone.items():
        assert [made[name][problem.id] for problem in problems] == list(generations)
        assert [made[name][problem.id].donor for problem in problems] == [each.donor for each in generations]


DRAWING = [
    ctlab.Condition.from_json({"name": by, "interventions": [way_form(by)]})
    for by in ("resample", "mean", "noise", "matched")
]


@pytest.mark.slow
def test_processes_draw_on_the_whole_set_and_not_on_their_chunks():
    problems = list(ctlab.load_problems("tiny"))[:70]
    model, decoding = load_model("tiny"), Decoding(max_new_tokens=8)
    alone = ctlab.generate(model, problems, DRAWING, max_new_tokens=8, certificates=False)
    activations = activation_cache_for(DRAWING, model, problems, decoding)
    made = {condition.name: {} for condition in DRAWING}
    for batch in generate_on(
        ["cpu", "cpu"], partial(load_model, "tiny"), problems, DRAWING, decoding, activations=activations
    ):
        for name, generations in batch.items():
            made[name].update((each.problem_id, each) for each in generations)
    for name, generations in alone.items():
        assert [made[name][problem.id] for problem in problems] == list(generations)
        assert [made[name][problem.id].donor for problem in problems] == [each.donor for each in generations]


def test_without_the_whole_sets_thoughts_nothing_is_drawn():
    problems = list(ctlab.load_problems("tiny"))[:4]
    with pytest.raises(InputError, match="need the activation cache of the whole set on several devices"):
        list(generate_on(["cpu", "cpu"], partial(load_model, "tiny"), problems, DRAWING, Decoding()))


@pytest.mark.parametrize(
    ("load", "error", "words"),
    [
        pytest.param(broken, InputError, "no model on cpu", marks=pytest.mark.slow),
        (dies, CtlabError, "run again to go on"),
    ],
)
def test_a_process_that_fails_stops_the_run(load, error, words):
    problems = list(ctlab.load_problems("tiny"))[:4]
    with pytest.raises(error, match=words):
        list(generate_on(["cpu", "cpu"], load, problems, CONDITIONS, Decoding(max_new_tokens=2)))


def test_chunks_hold_every_problem_once():
    problems = list(ctlab.load_problems("tiny"))[:700]
    made = chunks(problems, 2, Decoding())
    assert len(made) == 8
    assert sorted(problem.id for chunk in made for problem in chunk) == sorted(problem.id for problem in problems)
    official = chunks(problems, 2, Decoding(padding="as-published"))
    assert [len(chunk) for chunk in official] == [128, 128, 128, 128, 128, 60]
    assert [problem.id for chunk in official for problem in chunk] == [problem.id for problem in problems]


@pytest.mark.slow
def test_processes_leave_when_their_parent_is_killed(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(
        textwrap.dedent(
            """
            import time
            from functools import partial
            from pathlib import Path
            import os
            import ctlab
            from ctlab.engine.multi_device import generate_on
            from ctlab.records.generation import Decoding

            def load(*, device, folder):
                Path(folder, str(os.getpid())).touch()
                time.sleep(60)

            if __name__ == "__main__":
                problems = list(ctlab.load_problems("tiny"))[:4]
                where = str(Path(__file__).parent)
                list(generate_on(["cpu", "cpu"], partial(load, folder=where), problems, [], Decoding()))
            """
        )
    )
    parent = subprocess.Popen([sys.executable, str(script)])
    try:
        started = lambda: [int(path.name) for path in tmp_path.iterdir() if path.name.isdigit()]  # noqa: E731
        _until(lambda: started() or parent.poll() is not None)
        children = started()
        assert children
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _until(lambda: not any(map(_alive, children)))
    assert not any(map(_alive, children))


def _until(done, seconds=90):
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.1)


def _alive(pid):
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
