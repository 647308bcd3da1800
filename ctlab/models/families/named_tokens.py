"""Ids of tokens that training added, where a folder's own tokenizer holds them and its config says them once more."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ctlab.errors import CheckpointError
from ctlab.inputs import read_json, shown

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_CONFIG = "config.json"


def named_tokens(
    tokenizer: "PreTrainedTokenizerBase", names: Mapping[str, str], within: str | None = None
) -> Mapping[str, int]:
    """Return the ids of tokens, by the config's keys for them; ``names`` has each key with its token.

    ``within`` is the key under which the config keeps them, None where they stand at its top. Refuses a tokenizer
    without them, and one that gives them other ids than the config beside it: another checkpoint's would load.
    """
    vocabulary: Mapping[str, int] = tokenizer.get_vocab()
    if missing := [name for name in names.values() if name not in vocabulary]:
        raise CheckpointError(
            f"the checkpoint's tokenizer has no token {missing[0]!r}, whose id it must say; fetch the folder's "
            f"tokenizer files again (--ctlab-base must not name another tokenizer)"
        )
    path = Path(tokenizer.name_or_path) / _CONFIG
    said = read_json(path, error=CheckpointError, advice="fetch it again") if path.is_file() else {}
    said = said if within is None else said.get(within, {})
    for key, name in names.items():
        if said.get(key, vocabulary[name]) != vocabulary[name]:
            raise CheckpointError(
                f"{path} says {key} {shown(said[key])}, and the tokenizer beside it gives {name!r} the id "
                f"{vocabulary[name]}: they are of two checkpoints; fetch both files again"
            )
    return {key: vocabulary[name] for key, name in names.items()}
