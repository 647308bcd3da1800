"""What a notebook shows of a lab: who answers what, which conditions there are, what was judged."""

from collections.abc import Sequence

from ctlab.records import Judgement
from ctlab.settings import Settings
from ctlab.showing.blocks import block, heading, sentence, table

_SHOWN = 7  # names of conditions that a notebook lists: what was named by hand comes first


def lab_block(
    title: str,
    settings: Settings,
    conditions: Sequence[str],
    runs: Sequence[str],
    judgements: Sequence[Judgement],
    found: str,
) -> str:
    """Return a lab as HTML; of recorded answers it says which file is which, and no store.

    ``found`` is what the audit of the problems says, empty where nothing is wrong.
    """
    more = f" … ({len(conditions)} in all: lab.conditions)" if len(conditions) > _SHOWN else ""
    recorded = ", ".join(f"{name}: {file.name}" for name, file in settings.recorded.items())
    rows = [
        ("recorded", recorded) if recorded else ("store", settings.store),
        *([("problems", found)] if found else []),
        ("conditions", ", ".join(conditions[:_SHOWN]) + more),
        ("runs", ", ".join(runs) or "none yet"),
    ]
    judged = [(each.verdict, each.claim_id) for each in judgements]
    return block(
        heading(f"Lab: {title}"),
        table(("", ""), rows),
        table(("verdict", "claim"), judged) if judged else sentence("Nothing was judged yet.", aside=True),
    )
