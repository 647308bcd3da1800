"""Batches at once: the same batches and answers in the same order, audited as before, and nothing left behind."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import torch

from ctlab.certify import audited_batches
from ctlab.engine import attention, generate_batches, rollout
from ctlab.engine.attention import Stopped
from ctlab.engine.batching import batches
from ctlab.engine.layout import Layout
from ctlab.engine.plan import plan
from ctlab.engine.side_by_side import rounds, side_by_side
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.problems import load_problems
from ctlab.records.generation import Decoding

HIDDEN = Condition.from_json({"name": "hidden", "interventions": [{"keys": ["CT0"], "readers": "later"}]})
SHORT = Decoding(max_new_tokens=4)


@pytest.fixture(scope="module")
def model():
    return load_model("tiny")


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of some problems, as if memory were scarce."""
    monkeypatch.setattr("ctlab.engine.batching._CPU_TOKENS", 2000)
    return list(load_problems("tiny"))[:60]


@pytest.fixture
def threads():
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_answers_batches_and_their_order_do_not_depend_on_the_number_of_threads(model, small_batches, threads):
    threads(1)
    alone = list(generate_batches(model, small_batches, [BASELINE, HIDDEN], SHORT))
    threads(2)
    together = list(generate_batches(model, small_batches, [BASELINE, HIDDEN], SHORT))
    assert together == alone
    assert len(alone) == 4
    assert torch.get_num_threads() == 2


def test_batches_are_answered_at_once_and_in_threads_of_their_own(model, small_batches, threads, monkeypatch):
    threads(2)
    both, seen = threading.Barrier(2, timeout=30), set()
    prefill = rollout.prefill

    def met(*args, **kwargs):
        seen.add((threading.get_ident(), torch.get_num_threads()))
        both.wait()  # goes on only when two batches are here
        return prefill(*args, **kwargs)

    monkeypatch.setattr(rollout, "prefill", met)
    list(generate_batches(model, small_batches, [BASELINE], SHORT))
    assert {count for _, count in seen} == {1}
    assert threading.get_ident() not in {thread for thread, _ in seen}


def test_each_batch_is_audited_with_what_was_seen_of_it(model, small_batches, threads):
    audits = {}
    for count in (1, 2):
        threads(count)
        audited = audited_batches(model, small_batches, [BASELINE, HIDDEN], SHORT)
        audits[count] = [each.audits for each in audited]
    for alone, together in zip(audits[1], audits[2], strict=True):
        for name, audit in alone.items():
            assert (audit.failure, audit.rows) == ("", together[name].rows)
            assert not together[name].failure
            assert together[name].states == pytest.approx(audit.states, abs=1e-5)


def test_an_audit_sees_what_was_done_to_one_of_two_batches(model, small_batches, threads, monkeypatch):
    threads(2)
    step, first = rollout.Rollout._step, []

    def nudged(self, cache, embeddings, *rest):
        first.append(self) if not first else None
        return step(self, cache, embeddings + 0.5 * (self is first[0]), *rest)

    monkeypatch.setattr(rollout.Rollout, "_step", nudged)
    audited = audited_batches(model, small_batches, [BASELINE], SHORT)
    failed = [bool(each.audits["baseline"].failure) for each in audited]
    assert sum(failed) == 1
    assert any(failed[:2])


def run_until_stopped(stopped, said=True):
    """Step through no network until told to stop, and note that."""
    while True:
        try:
            attention.forward(None, None, None, None)
        except AttributeError:  # it was not told to stop yet
            continue
        except Stopped:
            stopped.append(said)
            raise


@pytest.mark.parametrize("place", [0, 1])
def test_an_error_ends_the_others_and_is_raised(threads, place):
    threads(2)
    stopped = []

    endless = partial(run_until_stopped, stopped)

    def fails():
        raise ValueError("the first")

    with pytest.raises(ValueError, match="the first"):
        side_by_side([fails, endless] if place == 0 else [endless, fails])
    assert stopped == [True]
    assert torch.get_num_threads() == 2


def test_an_interrupt_ends_all_and_is_raised(threads):
    threads(2)
    here, stopped = threading.Barrier(2, timeout=30), []

    def endless(interrupts):
        here.wait()
        if interrupts:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        run_until_stopped(stopped, interrupts)

    with pytest.raises(KeyboardInterrupt):
        side_by_side([partial(endless, True), partial(endless, False)])
    assert sorted(stopped) == [False, True]
    assert torch.get_num_threads() == 2


def test_an_interrupt_while_tasks_are_handed_in_ends_those_that_run(threads, monkeypatch):
    threads(2)
    stopped = []

    submit = ThreadPoolExecutor.submit

    def interrupted(pool, *given):
        if handed_in:
            raise KeyboardInterrupt
        handed_in.append(True)
        return submit(pool, *given)

    handed_in = []
    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        side_by_side([partial(run_until_stopped, stopped)] * 2)
    assert stopped == [True]


def test_of_two_errors_the_first_of_the_tasks_is_raised(threads):
    threads(2)
    both = threading.Barrier(2, timeout=30)

    def fails(name):
        both.wait()
        raise ValueError(name)

    with pytest.raises(ValueError, match="one"):
        side_by_side([partial(fails, "one"), partial(fails, "two")])


def test_a_run_that_is_left_leaves_the_network_as_it_was(model, small_batches, threads):
    threads(2)
    before = model.network.config._attn_implementation
    running = generate_batches(model, small_batches, [BASELINE], SHORT)
    next(running)
    assert model.network.config._attn_implementation == before
    running.close()
    assert model.network.config._attn_implementation == before
    assert torch.get_num_threads() == 2


def test_patches_at_layers_are_answered_one_batch_after_the_other(model, threads):
    threads(2)
    form = {"thoughts": ["CT1"], "by": "zero", "at": {"position": "residual", "layers": [1]}}
    patched = Condition.from_json({"name": "patched", "interventions": [form]})
    problems = list(load_problems("tiny"))[:4]
    batched = [[0], [1], [2], [3]]
    plain, layers = (plan(model, problems, [each], SHORT) for each in (HIDDEN, patched))
    assert [len(each) for each in rounds([plain], batched)] == [2, 2]
    assert [len(each) for each in rounds([plain, layers], batched)] == [1, 1, 1, 1]
    threads(1)
    assert [len(each) for each in rounds([plain], batched)] == [1, 1, 1, 1]


def test_batches_of_a_run_are_even_in_number_and_size():
    layout, lengths = Layout(begin=1, thoughts=6, end=1), [15 + number % 60 for number in range(1319)]
    greedy = batches(lengths, layout, 3, 33_000)
    evened = batches(lengths, layout, 3, 33_000, evenly=True)
    assert len(greedy) % 2 == 1
    assert len(evened) == len(greedy) + 1
    costs = [len(batch) * (lengths[batch[-1]] + 3 * (layout.tail + 16)) for batch in evened]
    assert max(costs) < 1.05 * min(costs)
    assert batches(lengths[:5], layout, 3, 33_000, evenly=True) == batches(lengths[:5], layout, 3, 33_000)
