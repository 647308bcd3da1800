"""The state before the first step of recurrent depth: zeros, or drawn at random, as the published code does by default.

Nothing in a checkpoint says which one a published number was measured with, nor which draw it was; greedy answers
depend on both (Geiping et al. 2025, arXiv 2502.05171, section 3.1).
"""

from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.variant import Variant, everywhere

_SEEDS = (0, 1)
"""Two draws, so that one that happens to help is not taken for the state itself."""


def _look(case: Case) -> Looked:
    loop = case.model.program.loop
    if loop is None:
        return Looked(note="the network does not loop, so that there is no state before a first step")
    drawn = [_variant(case, 1.0, seed) for seed in _SEEDS if (loop.init_scale, loop.init_seed) != (1.0, seed)]
    return Looked(variants=tuple([_variant(case, 0.0, None), *drawn] if loop.init_scale else drawn))


def _variant(case: Case, scale: float, seed: int | None) -> Variant:
    more = "" if seed is None else f', "init_seed": {seed}'
    return Variant(
        change="a first state of zeros" if seed is None else f"a first state that is drawn, seed {seed}",
        remedy=f'"init_scale": {scale:g}{more}',
        parts=everywhere(lambda _: case.load(init_scale=scale, init_seed=seed)),
    )


INITIAL_STATE = Cause(name="initial-state", title="random initial state", look=_look)
