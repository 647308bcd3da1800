"""Who answered, for the report: the run's own model, or those that conditions call by a name; and in which forms."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab.lab.by_model import answered_here
from ctlab.lab.reproduction import reproduction
from ctlab.outcomes import Run

if TYPE_CHECKING:
    from ctlab.lab.several_models import SeveralModels


def model_of(lab: "SeveralModels", names: Sequence[str]) -> dict[str, Any]:
    """Describe the run's own model; where none of its answers is compared, name those whose answers are."""
    if lab.settings.recorded:
        return {"id": "recorded answers", "digest": lab.answered_by}
    if names and not answered_here({name: lab.conditions[name] for name in names}):
        cards = lab.cards(names)
        return {
            "id": " and ".join(f"{card['called']} ({card['id']})" for card in cards),
            "digest": "+".join(f"{card['called']}={card['digest']}" for card in cards),
        }
    card = lab.engine.card()
    published = reproduction(lab)
    return card if published is None else {**card, "reproduction": published}


def form_line(lab: "SeveralModels", runs: Mapping[str, Run]) -> str:
    """Say which form answers have, or why none is called broken; empty where there is no answer."""
    return f"{lab.forms.said()}." if has_own(runs, lab) else ""


def has_own(runs: Mapping[str, Run], lab: "SeveralModels") -> bool:
    """Whether the run's own model answered: the forms of its answers are learned from these."""
    return bool(lab.settings.recorded and runs) or any(not run.condition.model for run in runs.values())
