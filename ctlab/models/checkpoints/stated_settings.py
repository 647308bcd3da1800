"""What a checkpoint's own files state of its settings: taken where nobody says it, held against what somebody says.

A folder of peft states rank and scale, and some families' official code saves settings beside the weights. A setting
that contradicts them would load and answer as another model.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.inputs import shown
from ctlab.models.checkpoints.checkpoint_settings import DESPITE, STAGED, CheckpointSettings
from ctlab.models.checkpoints.peft_config import CONFIG, PeftConfig
from ctlab.models.checkpoints.weight_files import read_json
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Markers, Stated

_SAID_AS = {"begin": "begin_ids"}
"""Settings that go before ids which are derived, by the name of those in `Markers`."""


def read_stated(family: str, folder: Path, adapter: PeftConfig | None) -> Mapping[str, Stated]:
    """Read what the files in ``folder`` state, by the names of settings; ``adapter`` is the config of one of peft."""
    rules = FAMILIES[family]
    # A config of 0 bytes says nothing (SIM-CoT's releases).
    paths = {name: folder / name for name in rules.states}
    held = {name: path for name, path in paths.items() if path.is_file() and path.stat().st_size}
    contents = {name: read_json(path) for name, path in held.items()}
    try:
        said = dict(rules.stated(contents))
    except CheckpointError as error:
        raise CheckpointError(f"its {error}") from None
    if adapter is not None:
        said["lora_r"] = Stated(value=adapter.rank, file=CONFIG, key="r")
        said["lora_alpha"] = Stated(value=adapter.alpha, file=CONFIG, key="lora_alpha")
        said["use_rslora"] = Stated(value=adapter.rslora, file=CONFIG, key="use_rslora")
    return said


def completed(form: Mapping[str, Any], stated: Mapping[str, Stated]) -> dict[str, Any]:
    """Say what the files state where ``form`` does not."""
    said = {*form, *(("num_latent",) if any(name in form for name in STAGED) else ())}
    needed = FAMILIES[form["family"]].required
    missing = {
        name: each.value
        for name, each in stated.items()
        # What is said to be off is said where the family asks for it: else models would get other digests.
        if _is_setting(name) and name not in said and (each.value is not False or name in needed)
    }
    return {**missing, **form}


def despite(form: dict[str, Any], source: str) -> frozenset[str]:
    """Take out of ``form`` the names of settings that may contradict files."""
    names = form.pop(DESPITE, ())
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name in form for name in names):
        raise CheckpointError(
            f'{source}: {DESPITE} lists settings that are said beside it, such as ["num_latent"], not {shown(names)}'
        )
    return frozenset(names)


def refuse_contradictions(
    settings: CheckpointSettings, stated: Mapping[str, Stated], meant: frozenset[str], *, sources: Mapping[str, str]
) -> None:
    """Refuse settings that say something else than the checkpoint's own files, but for those that are meant so.

    ``sources`` names who said each.
    """
    for stated_name, each in stated.items():
        name = _SAID_AS.get(stated_name, stated_name)
        if name in meant or not _is_setting(name):
            continue
        said = getattr(settings, name)
        if said is None and name in _SAID_AS.values():
            continue  # derived, and held against what is stated in `refuse_other_ids`
        if said != each.value and (said or each.value):
            raise CheckpointError(
                f"{sources.get(name, 'settings')}: {name} is {shown(said)}, but its {each.file} says {each.key} "
                f"{shown(each.value)}; leave {name} out, or say {DESPITE} [{json.dumps(name)}] beside it if another "
                f"model than that is meant"
            )


def refuse_other_ids(markers: Markers, stated: Mapping[str, Stated], settings: CheckpointSettings) -> None:
    """Refuse ids around the thoughts that are derived and not those which the checkpoint's own files state."""
    for name, each in stated.items():
        if name in _SAID_AS and getattr(settings, _SAID_AS[name]) is not None:
            continue  # nothing is derived where somebody says it
        if name in Markers.__dataclass_fields__ and getattr(markers, name) != each.value:
            derived = getattr(markers, name)
            raise CheckpointError(
                f"its {each.file} says {each.key} {shown(_plain(each.value))}, and its embedding and tokenizer make it "
                f"{shown(_plain(derived))}: they are of two checkpoints, or the base is another one"
            )


def _is_setting(name: str) -> bool:
    return name in CheckpointSettings.__dataclass_fields__


def _plain(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value
