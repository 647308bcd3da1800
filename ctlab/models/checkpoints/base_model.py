"""The base model's shape and tokenizer: config, empty network, and where its embeddings are."""

import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import Module
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.config_keys import KEYS, RECURRENT_DEPTH, Config, read_config
from ctlab.models.checkpoints.config_rules import Extent
from ctlab.models.checkpoints.tokenizer_keys import tokenizer_folder
from ctlab.models.checkpoints.weight_files import read_json
from ctlab.models.recurrent_depth.looping_network import recurrent_depth
from ctlab.models.thought_program import Loop

TESTED = tuple(kind for kind in KEYS if kind != RECURRENT_DEPTH)
"""Architectures of transformers, by the ``model_type`` of their configs, whose runs are compared with a reference."""
_ATTENTION = "sdpa"  # torch's own; the engine puts its own in this place while it computes


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseModel:
    """An empty network of the right shape, and its tokenizer."""

    folder: Path
    """Where config and tokenizer were read."""
    kind: str
    """``model_type`` of the config."""
    network: PreTrainedModel
    """Network on the meta device."""
    tokenizer: PreTrainedTokenizerBase
    """Tokenizer of the base model."""

    @property
    def width(self) -> int:
        """Width of the hidden states, D."""
        return int(self.network.config.hidden_size)

    @property
    def vocabulary(self) -> int:
        """Rows of the input embedding."""
        return int(self.network.config.vocab_size)

    @property
    def tied(self) -> bool:
        """Whether input and output embeddings are one tensor."""
        return bool(self.network.config.tie_word_embeddings)

    @property
    def input_embedding(self) -> str:
        """Name of the input embedding's weight, as transformers calls it."""
        return self._weight_of(self.network.get_input_embeddings())

    @property
    def output_embedding(self) -> str:
        """Name of the output embedding's weight."""
        return self._weight_of(self.network.get_output_embeddings())  # type: ignore[no-untyped-call]

    def resize(self, rows: int) -> None:
        """Make room for the ids that training added: input and output embedding get ``rows`` rows."""
        # Without weights there is no mean to draw the new rows from, which transformers would do otherwise.
        self.network.resize_token_embeddings(rows, mean_resizing=False)

    def materialise_constants(self) -> None:
        """Compute what is not in checkpoints: the rotary frequencies, left without values by the meta device."""
        for name, module in list(self.network.named_modules()):
            if any(buffer.is_meta for buffer in module.buffers(recurse=False)):
                parent = self.network.get_submodule(name.rpartition(".")[0])
                setattr(parent, name.rpartition(".")[2], type(module)(self.network.config))

    def refuse_other_constants(self, held: Mapping[str, Tensor]) -> None:
        """Refuse a checkpoint that holds a constant of the network, and not with the value that its config says."""
        for name, constant in getattr(self.network, "constants", {}).items():
            found = held.get(name)
            # What is kept in a narrow type is off by a rounding; another base or order is off by more than 1.
            if found is not None and not (found.shape == constant.shape and bool(_near(found, constant))):
                raise CheckpointError(
                    f"it holds {name!r}, a constant that the network computes of its config, with other values; is "
                    f"{self.folder / 'config.json'} the config that it was saved with?"
                )

    def _weight_of(self, embedding: Module) -> str:
        return next(f"{name}.weight" for name, module in self.network.named_modules() if module is embedding)


def _near(found: Tensor, constant: Tensor) -> Tensor:
    return (found.double() - constant.double()).abs().max() < 0.05


def read_base_model(folder: Path, extent: Extent, loop: Loop | None = None) -> BaseModel:
    """Read config and tokenizer of a base model and build its network without weights, no larger than ``extent``.

    ``loop`` says how often the network's core is passed, None where the family says that there is none.
    transformers sees neither file as it is: of both it gets what `config_keys` and `tokenizer_keys` let through.
    """
    path = folder / "config.json"
    config = read_config(read_json(path), path, extent)
    if (config.kind == RECURRENT_DEPTH) != (loop is not None):
        loops = "loops through a part of its network" if loop is None else "passes once through its layers"
        raise CheckpointError(
            f"{folder} is a {config.kind} model, which {loops}, and the family's do not; correct 'family'"
        )
    tokenizer = read_tokenizer(folder)
    return BaseModel(folder=folder, kind=config.kind, network=_network(config, path, loop), tokenizer=tokenizer)


def _network(config: Config, path: Path, loop: Loop | None) -> PreTrainedModel:
    try:
        with torch.device("meta"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an empty network is about to be filled; notes on its defaults help nobody
            if loop is not None:
                return recurrent_depth(config.form, loop, _ATTENTION)
            network: PreTrainedModel = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
                AutoConfig.for_model(config.kind, **config.form),
                attn_implementation=_ATTENTION,
                trust_remote_code=False,
            )
    except Exception as error:
        # Sizes that do not go together fail in many library-specific ways; all of them mean the same to the user.
        raise CheckpointError(f"{path} is no valid config: {_one_line(error)}") from None
    return network


def read_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """Read the tokenizer of a base model's folder."""
    # Versions of transformers remark on the class that a tokenizer's file names; that helps nobody who loads a model.
    logger = logging.getLogger("transformers.tokenization_utils_base")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with tokenizer_folder(folder) as place:
            tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
                place, trust_remote_code=False, local_files_only=True
            )
        len(tokenizer)  # some classes that a file can lead to have no vocabulary
    except CheckpointError:
        raise
    except Exception as error:
        raise CheckpointError(f"{folder} has no tokenizer that can be read: {_one_line(error)}") from None
    finally:
        logger.setLevel(level)
    tokenizer.name_or_path = str(folder)
    return tokenizer


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text and isinstance(error, KeyError) else text or type(error).__name__
