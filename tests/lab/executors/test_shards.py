"""Shards: everything that is missing once, what shares a prefix together, official batches whole."""

import pickle
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from ctlab.errors import StoreError
from ctlab.interventions import Condition, Intervention, Patch
from ctlab.lab.executors.shards import Shard, shards_of
from ctlab.problems import Problem

PLAIN = [
    Condition(name=f"c{k}", interventions=(Intervention(keys=("CT0",), readers=(f"CT{k}",)),)) for k in range(1, 4)
]
DRAWING = Condition(name="mean", interventions=(Patch(thoughts=("CT1",), by="mean"),))
CONDITIONS = {each.name: each for each in (*PLAIN, DRAWING)}


def problems(count):
    return [Problem(question=f"How many are {'very ' * (k % 7)}{k}?", gold=k) for k in range(count)]


def missing(of, names=("c1", "c2"), skipped=0):
    return {name: tuple(problem.id for problem in of[skipped:]) for name in names}


def rows(shards):
    return Counter((name, each) for shard in shards for name in shard.conditions for each in shard.problem_ids)


@pytest.mark.parametrize(("count", "workers"), [(1, 1), (63, 2), (300, 2), (1000, 3), (1000, 500)])
def test_every_missing_answer_is_in_one_shard(count, workers):
    asked = problems(count)
    wanted = {**missing(asked), **missing(asked, ("c3", "mean"), skipped=count // 3)}
    shards = shards_of(wanted, asked, CONDITIONS, workers=workers)
    assert rows(shards) == Counter((name, each) for name, ids in wanted.items() for each in ids)
    assert len({shard.digest for shard in shards}) == len(shards)


def test_what_lacks_the_same_problems_stays_together_and_what_draws_on_others_alone():
    asked = problems(200)
    shards = shards_of(missing(asked, ("c1", "c2", "mean")), asked, CONDITIONS, workers=1)
    assert {shard.conditions for shard in shards} == {("c1", "c2"), ("mean",)}


def test_a_shard_has_questions_alike_in_length_and_the_longest_come_first():
    asked = problems(400)
    length = {problem.id: len(problem.question) for problem in asked}
    shards = shards_of(missing(asked), asked, CONDITIONS, workers=2)
    spans = [(length[shard.problem_ids[0]], length[shard.problem_ids[-1]]) for shard in shards]
    assert len(spans) > 2
    assert all(first >= last for first, last in spans)
    assert all(before[1] >= after[0] for before, after in pairwise(spans))


def test_a_shard_is_never_so_large_that_nothing_is_heard_of_it():
    asked = problems(30_000)
    assert max(shard.answers for shard in shards_of(missing(asked), asked, CONDITIONS, workers=1)) <= 20_000
    many = [replace(PLAIN[0], name=f"d{k}") for k in range(200)]
    table = {each.name: each for each in many}
    shards = shards_of(missing(asked[:100], tuple(table)), asked[:100], table, workers=1)
    assert max(len(shard.conditions) for shard in shards) == 64


def test_as_published_a_shard_is_one_official_batch_in_its_order():
    asked = problems(300)
    shards = shards_of(missing(asked), asked, CONDITIONS, workers=5, padding="as-published")
    ids = [problem.id for problem in asked]
    assert [list(shard.problem_ids) for shard in shards] == [ids[:128], ids[128:256], ids[256:]]
    second = shards_of({"c1": tuple(ids[128:256])}, asked, CONDITIONS, workers=5, padding="as-published")
    assert [list(shard.problem_ids) for shard in second] == [ids[128:256]]


def test_as_published_a_part_of_an_official_batch_is_refused():
    asked = problems(300)
    with pytest.raises(StoreError, match=r"'c1': of an official batch of 128 problems 118 answers are missing, .*each"):
        shards_of(missing(asked, ("c1",), skipped=10), asked, CONDITIONS, workers=2, padding="as-published")


def test_a_shard_travels_and_keeps_its_name():
    shard = Shard(conditions=("c1",), problem_ids=("a", "b"))
    assert pickle.loads(pickle.dumps(shard)) == shard
    assert shard.digest != replace(shard, problem_ids=("b", "a")).digest
    assert shard.answers == 2
