"""How shards are handed to workers of Ray: each said once, tried again where a worker is lost, not where it is done."""

import importlib.util
from collections import Counter
from types import SimpleNamespace

import pytest

from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.lab.executors.ray_cluster import LostWorkerError
from ctlab.lab.executors.shards import Answered, Shard
from ctlab.settings import Settings

ONE, TWO, THREE, FOUR = (Shard(conditions=("baseline",), problem_ids=(f"p{number}",)) for number in range(1, 5))
JOB = SimpleNamespace(digest="job")


class RayActorError(Exception):
    """As Ray's, of which it has two kinds."""

    __module__ = "ray.fake"


class ActorUnavailableError(RayActorError):
    """Of a worker that Ray starts again."""

    __module__ = "ray.fake"


class ActorDiedError(RayActorError):
    """Of a worker that is gone for good."""

    __module__ = "ray.fake"


class FakeRay:
    """What each call of a shard comes to: answered, unavailable, died or never, at once or after something happened."""

    def __init__(self, workers, comes_to):
        self.size, self.comes_to = workers, comes_to
        self.calls, self.happened, self.started, self.killed = [], set(), [], []

    def nodes(self):
        return [{"Alive": True, "Resources": {"CPU": float(self.size)}}]

    def put(self, job):
        return job

    def remote(self, **what):
        return lambda kind: SimpleNamespace(remote=self._start)

    def _start(self, threads):
        actor = SimpleNamespace(number=len(self.started))
        actor.answer = SimpleNamespace(remote=lambda handed, digest, shard: self._call(actor, shard))
        self.started.append(actor)
        return actor

    def _call(self, actor, shard):
        asked = sum(each.shard == shard for each in self.calls)
        outcome = dict(enumerate(self.comes_to.get(shard, ()))).get(asked, "answered")
        call = _Call(shard=shard, actor=actor, outcome=outcome)
        self.calls.append(call)
        return call

    def wait(self, calls, timeout):
        assert calls, "nobody is at work"
        ready = [call for call in calls if self._is_ready(call)]
        return ready[:1], calls

    def _is_ready(self, call):
        kind, _, after = call.outcome.partition(" after ")
        return kind != "never" and (not after or after in self.happened)

    def get(self, call):
        kind = call.outcome.partition(" after ")[0]
        if kind == "answered":
            self.happened.add(call.shard.problem_ids[0])
            return Answered(shard=call.shard.digest, made=1, seconds=0.1, where="here")
        self.happened.update(["lost"] if " after " in call.outcome else [])
        raise (ActorUnavailableError if kind == "unavailable" else ActorDiedError)("gone")

    def kill(self, actor):
        self.killed.append(actor.number)


class _Call(SimpleNamespace):
    __hash__ = object.__hash__


@pytest.fixture
def handed_out(tmp_path, monkeypatch):
    """Hand out shards to so many workers; returns what was said to be answered, and the fake."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)

    def hand_out(shards, workers=2, **comes_to):
        named = {"one": ONE, "two": TWO, "three": THREE}
        ray = FakeRay(workers, {named[name]: outcomes for name, outcomes in comes_to.items()})
        engine = chosen_engine(
            Settings(recorded={}, store=tmp_path / "store", report=tmp_path, executor="ray", ray_cpus=1)
        )
        vars(engine)["_ray"] = ray
        return Counter(answered.shard for answered in engine.answer_elsewhere(JOB, shards)), ray

    return hand_out


ONCE = {shard.digest: 1 for shard in (ONE, TWO, THREE)}


def test_each_shard_is_answered_once_and_one_worker_stays(handed_out):
    said, ray = handed_out([ONE, TWO, THREE])
    assert said == ONCE
    assert len(ray.calls) == 3
    assert len(ray.started) == 2
    assert len(ray.killed) == 1


@pytest.mark.parametrize(("how", "started"), [("unavailable", 2), ("died", 3)])
def test_a_shard_whose_worker_is_lost_is_handed_out_again(handed_out, how, started):
    said, ray = handed_out([ONE, TWO, THREE], one=[how])
    assert said == ONCE
    assert len(ray.started) == started, "one that is gone for good is replaced"
    last = [call.actor.number for call in ray.calls if call.shard == ONE][-1]
    assert how != "died" or last != 0


def test_a_shard_that_ends_its_worker_twice_is_said(handed_out):
    with pytest.raises(LostWorkerError, match=r"ended again and again over the same"):
        handed_out([ONE, TWO], one=["died", "died"])


def test_a_shard_of_which_nothing_is_heard_goes_to_who_has_nothing_to_do(handed_out):
    said, ray = handed_out([ONE, TWO], one=["never"])
    assert said == {ONE.digest: 1, TWO.digest: 1}
    assert 0 in ray.killed, "who still works on it is let go"
    assert len(ray.killed) == 1


def test_a_shard_that_two_answered_is_said_once(handed_out):
    said, ray = handed_out([ONE, TWO, THREE], 3, one=["answered after p1"], two=["answered after p1", "never"])
    assert said == ONCE
    assert [call.shard for call in ray.calls].count(ONE) == 2


def test_what_is_answered_is_not_missed_with_a_worker_that_had_it_too(handed_out):
    said, ray = handed_out(
        [ONE, TWO, THREE, FOUR],
        workers=4,
        one=["unavailable", "unavailable after p1"],
        three=["answered after lost", "never"],
    )
    assert said == {**ONCE, FOUR.digest: 1}
    assert "lost" in ray.happened
