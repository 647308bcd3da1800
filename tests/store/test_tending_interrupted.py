"""gc and import ended at every moment, and gc beside runs: the store stays valid, and nothing is generated twice."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ctlab.store.choice import choices
from ctlab.store.exporting import export
from ctlab.store.garbage import collect
from ctlab.store.holdings import Filter, holdings
from ctlab.store.importing import import_file
from ctlab.store.removal import Policy
from ctlab.store.verifying import verify
from tests.store.answers import Engine, answer
from tests.store.tended import CODES, CONDITIONS, IDS, KNOWN, filled, folder, keys, later, rubbish, tree

ROOT = Path(__file__).parents[2]
EVERYTHING = {name: tuple(answer(name, each) for each in IDS) for name in CONDITIONS}

ENDED = """
import os, sys
from pathlib import Path
from tests.store import test_tending_interrupted as here

left = int(sys.argv[3])

def ends(operation):
    def wrapped(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return operation(*arguments, **options)
    return wrapped

# What changes a folder. As with a kill, nothing that would tidy up runs any more.
for name in ("replace", "unlink", "rmdir", "mkdir"):
    setattr(os, name, ends(getattr(os, name)))
getattr(here, sys.argv[1])(Path(sys.argv[2]))
"""


def clear_rubbish(root):
    collect(root, Policy(codes=CODES, now=later(2)))


def clear_a_condition(root):
    chosen = Filter(conditions=("ct4_blocked",)).chosen(holdings(root, KNOWN))
    answers = {choice.folder.name: choice for choice in choices(root, chosen, KNOWN)}
    collect(root, Policy(codes=CODES, answers=answers, now=later(4000)))


def take_in(root):
    import_file(root, root.parent / "paper.zip", lambda _: None)


def ended(what, root, moment):
    """Whether the process was ended before it was done."""
    command = [sys.executable, "-c", ENDED, what, str(root), str(moment)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 9), done.stderr
    return done.returncode == 9


def sound(root):
    return not [finding for finding in verify(root, CODES) if finding.state.is_damage]


def moments(tmp_path):
    """Every moment at which a process can be ended, one store each; ends when one was not ended any more."""
    for moment in range(1, 200):
        yield moment, tmp_path / str(moment) / "store"
    raise AssertionError("it never came to its end")


@pytest.mark.slow
def test_clearing_can_be_ended_at_every_moment(tmp_path):
    count = 0
    for moment, root in moments(tmp_path):
        store = filled(root, size=7)
        sound_tree = tree(root)
        rubbish(store)
        if not ended("clear_rubbish", root, moment):
            break
        assert sound_tree.items() <= tree(root).items(), "nothing but rubbish went"
        clear_rubbish(root)
        assert tree(root) == sound_tree
        count += 1
    assert count >= 7


@pytest.mark.slow
def test_taking_one_condition_out_can_be_ended_at_every_moment(tmp_path):
    count, kept = 0, {name: keys()[name] for name in CONDITIONS[:2]}
    for moment, root in moments(tmp_path):
        store = filled(root, size=7)
        if not ended("clear_a_condition", root, moment):
            break
        assert sound(root)
        assert store.read(kept, IDS) == {name: EVERYTHING[name] for name in kept}, "what was not meant is there"
        engine = Engine()
        assert store.collect(keys(), IDS, engine) == EVERYTHING
        assert {name for name, _ in engine.asked} <= {"ct4_blocked"}
        count += 1
    assert count >= 6


@pytest.mark.slow
def test_taking_in_can_be_ended_at_every_moment(tmp_path):
    source, count = filled(tmp_path / "source", size=7), 0
    export(source.root, tmp_path / "paper.zip", holdings(source.root, KNOWN), known=KNOWN, codes=CODES)
    whole = tmp_path / "whole"
    import_file(whole, tmp_path / "paper.zip", print)
    for moment, root in moments(tmp_path):
        root.parent.mkdir()
        (root.parent / "paper.zip").symlink_to(tmp_path / "paper.zip")
        if not ended("take_in", root, moment):
            break
        if root.exists():
            assert sound(root)
        take_in(root)
        assert {place: body for place, body in tree(root).items() if not place.endswith(".part")} == tree(whole)
        count += 1
    assert count >= 15


def test_one_moment_of_each(tmp_path):
    store = filled(tmp_path / "store")
    rubbish(store)
    assert ended("clear_rubbish", store.root, 4)
    assert sound(store.root) or list((folder(store) / "derived").iterdir())
    clear_rubbish(store.root)
    assert list(verify(store.root, CODES)) == []


RUN = """
import sys, time
from pathlib import Path
from ctlab.store import GenerationStore
from tests.store.answers import Engine
from tests.store.tended import IDS, keys

def slowly(missing):
    for batch in Engine(size=1)(missing):
        print("generated", *(f"{name}:{each.problem_id}" for name, run in batch.items() for each in run), flush=True)
        yield batch
        time.sleep(0.15)

store = GenerationStore(Path(sys.argv[1]), print)
deadline = time.monotonic() + float(sys.argv[2])
while True:
    store.collect(keys(), IDS, slowly)
    if time.monotonic() > deadline:
        break
print("done", flush=True)
"""


def started(root, seconds):
    command = [sys.executable, "-c", RUN, str(root), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def generated(output):
    return [pair for line in output.splitlines() if line.startswith("generated") for pair in line.split()[1:]]


def everything_that_may_go(root):
    chosen = holdings(root, KNOWN)
    answers = {choice.folder.name: choice for choice in choices(root, chosen, KNOWN)}
    return replace(Policy(codes=CODES, now=later(4000)), answers=answers)


@pytest.mark.slow
def test_gc_beside_a_run_that_generates_takes_nothing_from_it(tmp_path):
    run = started(tmp_path, 0)
    assert run.stdout is not None
    first = run.stdout.readline()  # it holds the lock now
    busy = 0
    while run.poll() is None:
        busy += bool(collect(tmp_path, everything_that_may_go(tmp_path)).busy)
        if busy >= 3:
            break
    output, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    pairs = generated(first + output)
    assert sorted(pairs) == sorted({f"{name}:{each}" for name in CONDITIONS for each in IDS}), "each once"
    assert busy


def test_gc_beside_a_run_that_reads_costs_it_no_answer(tmp_path):
    store = filled(tmp_path)
    run = started(tmp_path, 0.5)
    while run.poll() is None:
        rubbish(store)
        collect(tmp_path, Policy(codes=CODES, now=later(2)))
    output, errors = run.communicate(timeout=60)
    assert (run.returncode, generated(output)) == (0, []), errors
