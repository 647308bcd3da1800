"""The fixture ``swept`` takes axes, and says so of all else."""

from types import SimpleNamespace

import pytest

from ctlab.claims import Kind, SweptAxes
from ctlab.errors import ClaimError, InputError
from ctlab.plugin.session import session_key
from ctlab.plugin.sweep_fixture import swept
from tests.claims.making import claim


@pytest.fixture
def asked():
    """The fixture, in a test of no claim, over a session that hands back what it is asked."""
    return of(None)


def of(running):
    session = SimpleNamespace(sweep=lambda **axes: axes, claim=running)
    return swept.__wrapped__(SimpleNamespace(config=SimpleNamespace(stash={session_key: session})))


AXES = SweptAxes(positions="all", layers=(0, 1))
MOST = claim(kind=Kind.MOST, conditions=("baseline",), sweep=AXES)


def test_axes_are_the_claims_own():
    assert of(MOST)() == {"positions": "all", "layers": [0, 1]}
    assert of(MOST)(by="steps", share=0.2) == {"positions": "all", "layers": [0, 1], "by": "steps", "share": 0.2}
    assert of(MOST)(positions="all", layers=range(2), heads=None) == {"positions": "all", "layers": [0, 1]}


def test_another_sample_of_a_claims_sweep_is_refused():
    with pytest.raises(ClaimError, match="asked for with a seed, which draws another sample to certify"):
        of(MOST)(seed=2)


@pytest.mark.parametrize("axes", [{"positions": "all"}, {"positions": "all", "layers": [0]}, {"readers": "answer"}])
def test_another_sweep_than_the_claim_names_is_refused(axes):
    said = r"claim 'ct0-.*' names a sweep over positions all, layers 0 and 1, and its test asks for .*: swept\(\)$"
    with pytest.raises(ClaimError, match=said):
        of(MOST)(**axes)


def test_a_claim_that_names_no_sweep_has_none():
    with pytest.raises(ClaimError, match=r"'ct0-lowers-accuracy' names no sweep, .* sweep=SweptAxes\(positions='all'"):
        of(claim())(positions="all")


def test_axes_go_to_the_session(asked):
    axes = {
        "positions": "all",
        "layers": [0],
        "heads": [1],
        "readers": "answer",
        "by": "steps",
        "share": 0.5,
        "seed": 2,
    }
    assert asked(**axes) == axes


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"layer": [0]}, r"swept has no argument 'layer'; did you mean 'layers'\?$"),
        ({"limit": 5}, r"swept has no argument 'limit'; it takes positions, .*, and all else is the run's"),
        ({"plan": True}, "swept has no argument 'plan'; it takes positions, layers, heads, readers, by, share, seed"),
    ],
)
def test_what_it_does_not_take_is_one_sentence(asked, wrong, said):
    with pytest.raises(InputError, match=said) as refused:
        asked(**wrong)
    assert "\n" not in str(refused.value)
