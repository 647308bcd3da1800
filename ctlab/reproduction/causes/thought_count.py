"""The number of thoughts; for models trained in stages, the stage: it is thoughts a step times steps replaced."""

from functools import partial

from ctlab.errors import CtlabError
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_settings
from ctlab.reproduction.variant import Variant, everywhere

# Official Coconut evaluates with up to 2 thoughts a step × 3 stages, CODI with 6, the curriculum study with 6 × 1;
# twice that is as far as anybody trained.
_MOST = 12


def _look(case: Case) -> Looked:
    given = case.model.num_thoughts
    usual = _published(case)
    counts = [n for n in range(1, _MOST + 1) if n != given and _exists(case, n)]
    note = "" if counts else "no other number: the model thinks nothing, or hides a thought by name"
    return Looked(variants=tuple(_variant(n, usual=n in usual) for n in counts), note=note)


def _published(case: Case) -> set[object]:
    from ctlab.models.families import FAMILIES

    return {known.settings.get("num_latent") for known in FAMILIES[case.model.settings.family].published.values()}


def _exists(case: Case, thoughts: int) -> bool:
    try:
        with_settings(case.model, num_latent=thoughts)
    except CtlabError:  # the model hides a thought that would not be there
        return False
    return True


def _variant(thoughts: int, *, usual: bool) -> Variant:
    return Variant(
        usual=usual,
        change=f"{thoughts} thoughts" if thoughts > 1 else "1 thought",
        remedy=f'"num_latent": {thoughts} (of a model trained in stages: thoughts a step × stage)',
        parts=everywhere(partial(with_settings, num_latent=thoughts)),
    )


THOUGHT_COUNT = Cause(name="number-of-thoughts", title="number of thoughts, stage", look=_look)
