"""Probes of thoughts that are computed in passes prove themselves at each pass, and fail to at the wrong one."""

from dataclasses import replace

import pytest

from ctlab.certify import certify_probes
from ctlab.probes.watched_pass import WatchedPass
from tests.certify.test_passes import CONDITIONS, DECODING, PASSES, PROBLEMS, model  # noqa: F401

ASKED = [each for each in CONDITIONS if each.name in ("baseline", "hidden", "last", "itself", "halved", "zero_first")]


def failed(reasoner, at_pass=None):
    found = certify_probes(reasoner, PROBLEMS, ASKED, DECODING, at_pass=at_pass)
    assert list(found) == [each.name for each in ASKED]
    return {check.name for checks in found.values() for check in checks if not check.passed}


@pytest.mark.parametrize("at_pass", [None, *range(1, PASSES + 1)])
def test_each_pass_is_recomputed(model, at_pass):  # noqa: F811
    assert failed(model, at_pass) == set()


def measured_one_pass_early(patch):
    honest = WatchedPass.of.__func__
    patch.setattr(WatchedPass, "of", classmethod(lambda cls, *given: replace(honest(cls, *given), pass_=PASSES - 1)))


def read_in_the_pass_before(patch):
    honest = WatchedPass.readers
    patch.setattr(WatchedPass, "readers", lambda self, step: honest(replace(self, pass_=self.pass_ - 1), step))


def decoded_from_the_same_pass(patch):
    honest = WatchedPass.makers
    patch.setattr(WatchedPass, "makers", lambda self, step: honest(replace(self, pass_=self.pass_ + 1), step))


def thoughts_in_another_order(patch):
    honest = WatchedPass.readers
    patch.setattr(WatchedPass, "readers", lambda self, step: honest(self, step)[::-1])


def factors_of_the_pass_before(patch):
    honest = WatchedPass.row
    patch.setattr(WatchedPass, "row", lambda self, reader: honest(replace(self, pass_=self.pass_ - 1), reader))


SABOTAGES = {
    measured_one_pass_early: {"probe-mass", "probe-hidden-is-zero", "probe-paths", "probe-decoded"},
    read_in_the_pass_before: {"probe-mass", "probe-paths"},
    decoded_from_the_same_pass: {"probe-decoded"},
    thoughts_in_another_order: {"probe-mass", "probe-paths"},
    factors_of_the_pass_before: {"probe-expected"},
}


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.__name__)
def test_a_probe_at_the_wrong_pass_is_found(model, monkeypatch, sabotage):  # noqa: F811
    sabotage(monkeypatch)
    assert failed(model) >= SABOTAGES[sabotage]
