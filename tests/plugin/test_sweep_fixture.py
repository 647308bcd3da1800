"""The fixture ``swept`` takes axes, and says so of all else."""

from types import SimpleNamespace

import pytest

from ctlab.errors import InputError
from ctlab.plugin.session import session_key
from ctlab.plugin.sweep_fixture import swept


@pytest.fixture
def asked():
    """The fixture over a session that hands back what it is asked."""
    session = SimpleNamespace(sweep=lambda **axes: axes)
    return swept.__wrapped__(SimpleNamespace(config=SimpleNamespace(stash={session_key: session})))


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
