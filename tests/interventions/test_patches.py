"""Every way to disturb a thought is whole: a name, sources, two formulas that agree, words and a mark."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from ctlab.errors import ConditionError
from ctlab.interventions.patch_kind import PatchKind, Run, Source, Words
from ctlab.interventions.patches import PATCH_KINDS, kind_by

ROWS, WIDTH = 3, 5


def classes(kind=PatchKind):
    """ctlab's classes that are no base of others."""
    below = [sub for sub in kind.__subclasses__() if sub.__module__.startswith("ctlab.")]
    return [each for sub in below for each in classes(sub)] if below else [kind]


def sources(kind, array):
    """Rows (R, D) of each source."""
    rng = np.random.default_rng(len(kind.by))
    return [array(rng.standard_normal((ROWS, WIDTH))) for _ in kind.sources]


def test_every_class_has_a_name_and_every_name_a_class():
    assert {kind.by: kind for kind in classes()} == {name: type(kind) for name, kind in PATCH_KINDS.items()}


@pytest.mark.parametrize("kind", PATCH_KINDS.values(), ids=PATCH_KINDS)
def test_no_way_is_half_declared(kind):
    assert all(isinstance(source, Source) for source in kind.sources)
    assert isinstance(kind.exact, bool)
    assert isinstance(kind.words, Words)
    assert all(word and word == word.strip() for word in kind.words)
    assert len(kind.words.mark.replace("\N{COMBINING MACRON}", "").replace("\N{COMBINING OVERLINE}", "")) == 1
    assert type(kind).__doc__


@pytest.mark.parametrize("missing", ["vector", "expected"])
def test_a_way_without_a_formula_or_without_a_certificate_cannot_be_listed(missing):
    formulas = {name: staticmethod(lambda projected: -projected) for name in ("vector", "expected") if name != missing}
    half = type("Half", (PatchKind,), {"by": "half", "sources": (Source.PROJECTED,), "exact": True, **formulas})
    with pytest.raises(TypeError, match=f"abstract method '?{missing}"):
        half()


@pytest.mark.parametrize("array", [np.asarray, torch.from_numpy], ids=["numpy", "torch"])
@pytest.mark.parametrize("kind", PATCH_KINDS.values(), ids=PATCH_KINDS)
def test_engine_and_certificate_are_told_the_same_in_two_formulas(kind, array):
    vectors = sources(kind, array)
    fed = np.broadcast_to(kind.vector(*vectors), (ROWS, WIDTH))
    for row in range(ROWS):
        expected = np.broadcast_to(kind.expected(*(rows[row] for rows in vectors)), WIDTH)
        np.testing.assert_allclose(expected, fed[row], rtol=1e-15 if kind.exact else 1e-12)


def test_marks_and_their_meanings_tell_the_ways_apart():
    for field in Words._fields:
        assert len({getattr(kind.words, field) for kind in PATCH_KINDS.values()}) == len(PATCH_KINDS)


def test_what_is_derived_from_the_sources():
    def named(of):
        return {name for name, kind in PATCH_KINDS.items() if of(kind)}

    matched = named(lambda kind: kind.matched)
    assert matched == {"matched", "matched-same"}
    fitted = {"add-difference", *(f"{verb}-{of}" for verb in ("project", "remove") for of in ("components", "random"))}
    resampled = {"resample", "resample-own-norm", "resample-norm"}
    assert named(lambda kind: kind.seeded) == {"noise", "add-noise", *resampled, *matched, *fitted}
    others = {"mean", "mean-own-norm", *resampled, *fitted}
    assert named(lambda kind: kind.needs_problem_set) == others | matched
    assert named(lambda kind: kind.needs_undisturbed_run) == {"self", "baseline"}
    assert named(lambda kind: kind.restores) == {"self", "baseline"}


def test_sources_are_all_different():
    # members of an enumeration with equal values would be one member under two names
    assert len(Source.__members__) == len(list(Source)) == len({source.meaning for source in Source})
    assert {source.run for source in Source} == {*Run, None}


@pytest.mark.parametrize("name", ["ones", "", None, 3, ["zero"]])
def test_an_unknown_way_is_refused(name):
    with pytest.raises(ConditionError, match="'by' of a patch must be one of zero, mean, noise"):
        kind_by(name)


def test_importing_the_ways_imports_no_arrays():
    code = "import sys, ctlab.interventions.patches\nprint([m for m in ('numpy', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
