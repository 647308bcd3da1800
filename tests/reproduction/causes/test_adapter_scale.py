"""Another alpha without loading: two loads give every other one, as merging with it would."""

import torch

from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.reproduction.asked import asked_by_gold
from ctlab.reproduction.case import Case
from ctlab.reproduction.causes.adapter_scale import ADAPTER_SCALE
from ctlab.reproduction.trial import Bench, Trial
from tests.models.checkpoints.making_checkpoints import write_codi


def case_of(model, load):
    asked = (asked_by_gold(Problem(question="a b 3 c d 4 ?", gold=7)),)
    bench = Bench(model=model, asked=asked, padding="exact", max_new_tokens=4)
    return Case(bench=bench, given=Trial(answers=(), right=(), ended=0), load=load)


def test_alphas_are_those_that_loading_gives(tmp_path):
    settings = write_codi(tmp_path)

    def load(dtype="float32", **more):
        return load_model(tmp_path, settings={**settings, **more}, dtype=dtype)

    case = case_of(load(), load)
    by_remedy = {variant.remedy: variant for variant in ADAPTER_SCALE.look(case).variants}
    assert f'"lora_alpha": {settings["lora_alpha"]}' not in by_remedy, "the given one is not tried again"
    # Adapters that were merged and left beside the weights count twice: without them is a scale of 0.
    without = next(remedy for remedy in by_remedy if "without its adapters" in remedy)
    for remedy, alpha in (('"lora_alpha": 32', 32), (without, 1e-9)):
        ((changed, _),) = by_remedy[remedy].parts(case.model, case.asked)
        loaded = load(lora_alpha=alpha)
        for (name, one), (_, other) in zip(
            changed.network.named_parameters(), loaded.network.named_parameters(), strict=True
        ):
            torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5, msg=name)


def test_without_adapters_nothing_is_tried(tiny):
    assert ADAPTER_SCALE.look(case_of(tiny, load_model)).variants == ()
