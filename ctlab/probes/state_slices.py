"""Hidden states of one position, read from the shards that `raw_states` writes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError, safe_open

from ctlab.errors import InputError
from ctlab.inputs import parse_json
from ctlab.records.measurement import position_names

if TYPE_CHECKING:
    import numpy.typing as npt


def read_states(
    folder: Path, condition: str, problem_ids: Sequence[str], position: str, level: int | None = None
) -> "npt.NDArray[np.float64]":
    """Return the states of a condition's problems at one position, in the order asked for.

    Parameters
    ----------
    folder : Path
        Where `ctlab.measure` or ``--ctlab-keep-states`` left shards.
    condition : str
        Name of a condition that was measured.
    problem_ids : sequence of str
        Ids of the problems (n).
    position : str
        ``CT0`` …, or ``end``, its last token.
    level : int, optional
        0 is what the position was fed, l the state after layer l, before the final norm; None for all of them.

    Returns
    -------
    ndarray of shape (n, D), or (n, layers + 1, D) for all levels

    Raises
    ------
    InputError
        Where there is no shard, or no such condition, problem, position or level in them.
    """
    shards = sorted(Path(folder).glob("states-*.safetensors"))
    if not shards:
        raise InputError(f"no hidden states in {folder}; measure with keep_states={str(folder)!r}")
    found: dict[str, npt.NDArray[np.float64]] = {}
    for shard in shards:
        try:
            with safe_open(str(shard), framework="pt") as file:
                if condition not in file.keys():  # noqa: SIM118 - it is no mapping
                    raise InputError(f"{shard.name} holds {', '.join(file.keys())}, not {condition!r}; measure it")
                part = file.get_slice(condition)
                _, places, levels, _ = part.get_shape()
                at = _place(position, places - 1, level, levels)
                rows = (part[:, at] if level is None else part[:, at, level]).double().numpy()
                ids = _ids(shard, file.metadata() or {}, len(rows))
        except SafetensorError as error:
            raise InputError(f"{shard} cannot be read as safetensors: {error}; measure again") from error
        found.update(zip(ids, rows, strict=True))
    if missing := [each for each in problem_ids if each not in found]:
        raise InputError(f"no hidden state of problem {missing[0]!r} in {folder}; it has {len(found)}: measure all")
    return np.stack([found[each] for each in problem_ids])


def _ids(shard: Path, metadata: Mapping[str, str], rows: int) -> list[str]:
    """Return whose states the rows of a shard are, by its metadata."""
    ids = parse_json(metadata.get("problem_ids", "null"), f"{shard}, problem_ids", error=InputError)
    if not isinstance(ids, list) or len(ids) != rows:
        raise InputError(f"{shard} does not say of which {rows} problems its states are; measure again")
    return [str(each) for each in ids]


def _place(position: str, thoughts: int, level: int | None, levels: int) -> int:
    names = position_names(thoughts)
    if position not in names:
        raise InputError(f"states were kept of {', '.join(names)}, not of {position!r}; name one of them")
    if level is not None and not 0 <= level < levels:
        raise InputError(f"states were kept of levels 0 (what a position is fed) to {levels - 1}, not of {level}")
    return names.index(position)
