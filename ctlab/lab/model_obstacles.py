"""Why a claim cannot be judged that names a model: nothing is bound to the name, or what is bound is no other model."""

from typing import TYPE_CHECKING

from ctlab.claims import Claim
from ctlab.interventions import Condition
from ctlab.lab.by_model import alone, unbound
from ctlab.lab.fitted_claim import no_such_thought
from ctlab.lab.measuring_obstacles import padding_obstacle
from ctlab.lab.thinking_obstacles import way_obstacle
from ctlab.lab.thought_obstacles import program_of, thought_obstacle
from ctlab.records import Shows

if TYPE_CHECKING:
    from ctlab.lab.several_models import SeveralModels


def model_obstacle(claim: Claim, of: "SeveralModels", measured: str = "") -> str:
    """Say why the models that a claim's conditions name cannot settle it, empty where they can.

    ``measured`` is what the claim compares beside answers, in words; empty where that is nothing.
    """
    named = {name: of.conditions[name] for name in claim.all_conditions if name in of.conditions}
    others = {name: condition for name, condition in named.items() if condition.model}
    for name, condition in others.items():
        if condition.model not in of.models:
            return f"{name} is answered by another model: {unbound(condition.model)}"
        if measured:
            return f"needs {measured} of {condition.model}, and what is measured is the run's own model alone"
    return _the_same(claim, others, of) or _of_their_thoughts(claim, others, of)


def _the_same(claim: Claim, others: dict[str, Condition], of: "SeveralModels") -> str:
    """Name two conditions that would be compared and are one run: two names of one model."""
    held = (Shows.NO_OP, Shows.NEGLIGIBLE)
    groups = [claim.conditions, *((each.reference, each.condition) for each in claim.controls if each.shows in held)]
    for group in groups if others else ():
        runs: dict[tuple[str, str], str] = {}
        for name in group:
            if (condition := of.conditions.get(name)) is None:
                continue
            model = of.digest_of(condition.model)
            first = runs.setdefault((model, alone(condition).digest), name)
            if first != name and condition.model != of.conditions[first].model:
                bind = f"--ctlab-model {condition.model}=ID" if condition.model else "--ctlab-model ID"
                return (
                    f"{first} and {name} are one run, because both names stand for the model {model[:8]}; bind one to "
                    f"another model, {bind}"
                )
    return ""


def _of_their_thoughts(claim: Claim, others: dict[str, Condition], of: "SeveralModels") -> str:
    """Say what a condition asks of a named model's thoughts that it does not have, or is fed anyway."""
    for model in dict.fromkeys(condition.model for condition in others.values()):
        engine, padding = of.maker(model).engine, of.maker(model).settings.padding
        card = engine.card()
        own = {name: alone(condition) for name, condition in others.items() if condition.model == model}
        said = (
            no_such_thought(claim, own, card.get("num_thoughts"))
            or way_obstacle(claim, own, card, padding)
            or thought_obstacle(claim, own, program_of(card))
            or padding_obstacle(claim, own, engine.card, padding)
        )
        if said:
            return f"{said} ({model})"
    return ""
