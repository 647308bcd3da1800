"""The audit: nothing missing, nothing left over, every shape right, in this order."""

from types import SimpleNamespace

import pytest

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.audit import audit

WANTED = {"a": SimpleNamespace(shape=(2, 3)), "b": SimpleNamespace(shape=(4,))}


def run(held, **options):
    audit(held, WANTED, of="llama", needs="the base model needs", remedy="; is the base the right one?", **options)


def test_a_complete_set_passes():
    run(dict(WANTED))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"a": None}, "1 tensors are missing for llama: a; nothing was loaded"),
        ({"x": (1,)}, "1 tensors are without a place for llama: ours.x; nothing was loaded"),
        ({"a": (3, 2)}, "'ours.a' has shape (3, 2), the base model needs (2, 3); is the base the right one?"),
        ({"a": None, "x": (1,)}, "1 tensors are missing for llama: a; nothing was loaded"),
        (dict.fromkeys("vwxyz", (1,)), "5 tensors are without a place for llama: ours.v, ours.w, ours.x; nothing"),
    ],
)
def test_what_does_not_fit_is_named_as_in_the_checkpoint(change, message):
    held = {**WANTED, **{name: SimpleNamespace(shape=shape) for name, shape in change.items()}}
    held = {name: tensor for name, tensor in held.items() if tensor.shape is not None}
    with pytest.raises(CheckpointError) as error:
        run(held, names={name: f"ours.{name}" for name in held})
    assert str(error.value).startswith(message)
