"""The base model's shape and tokenizer: config, empty network, and where its embeddings are."""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import Module
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_files import read_json

TESTED = ("gpt2", "llama", "mistral", "qwen2")
"""Architectures, by the ``model_type`` of their configs, whose runs are compared with a reference."""


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

    def _weight_of(self, embedding: Module) -> str:
        return next(f"{name}.weight" for name, module in self.network.named_modules() if module is embedding)


def read_base_model(folder: Path) -> BaseModel:
    """Read config and tokenizer of a base model and build its network without weights."""
    kind = str(read_json(folder / "config.json").get("model_type"))
    if kind not in TESTED:
        raise CheckpointError(f"{folder} is a {kind!r} model; supported base models are {', '.join(sorted(TESTED))}")
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    except Exception as error:
        # Configs and tokenizers fail in many library-specific ways; all of them mean the same to the user.
        raise CheckpointError(f"{folder / 'config.json'} is no valid config: {_one_line(error)}") from None
    tokenizer = _tokenizer(folder)
    # Nothing here pads by the config's id, and one beyond the vocabulary, added in training, would be refused.
    config.pad_token_id = None
    with torch.device("meta"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an empty network is about to be filled; notes on its defaults help nobody
        network = AutoModelForCausalLM.from_config(config, trust_remote_code=False)  # type: ignore[no-untyped-call]
    return BaseModel(folder=folder, kind=kind, network=network, tokenizer=tokenizer)


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    # Versions of transformers remark on the class that a tokenizer's file names; that helps nobody who loads a model.
    logger = logging.getLogger("transformers.tokenization_utils_base")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except Exception as error:
        raise CheckpointError(f"{folder} has no tokenizer that can be read: {_one_line(error)}") from None
    finally:
        logger.setLevel(level)
    return tokenizer


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
