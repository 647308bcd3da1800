"""The base model's shape and tokenizer: config, empty network, ids that a family adds to the vocabulary."""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_files import read_json
from ctlab.models.checkpoints.checkpoint_settings import Settings

KINDS = {
    "gpt2": ("transformer.wte.weight", "lm_head.weight"),
    "llama": ("model.embed_tokens.weight", "lm_head.weight"),
    "mistral": ("model.embed_tokens.weight", "lm_head.weight"),
    "qwen2": ("model.embed_tokens.weight", "lm_head.weight"),
}
"""Architectures that were tested, and the names of their input and output embeddings."""
ADDED = 3
"""Rows that either family adds to the base vocabulary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """An empty network of the right shape, and its tokenizer."""

    kind: str
    """``model_type`` of the config."""
    network: PreTrainedModel
    """Network on the meta device."""
    tokenizer: PreTrainedTokenizerBase
    """Tokenizer of the base model."""

    @property
    def hidden(self) -> int:
        """Width of the hidden states."""
        return int(self.network.config.hidden_size)

    @property
    def tied(self) -> bool:
        """Whether input and output embeddings are one tensor."""
        return bool(self.network.config.tie_word_embeddings)

    @property
    def tied_names(self) -> tuple[str, str]:
        """Names of the input and the output embedding."""
        return KINDS[self.kind]

    def materialise_constants(self) -> None:
        """Compute what is not in checkpoints: the rotary frequencies, left without values by the meta device."""
        for name, module in list(self.network.named_modules()):
            if any(buffer.is_meta for buffer in module.buffers(recurse=False)):
                parent = self.network.get_submodule(name.rpartition(".")[0])
                setattr(parent, name.rpartition(".")[2], type(module)(self.network.config))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialIds:
    """Ids that frame the thoughts and end the answer."""

    begin: tuple[int, ...]
    """Between question and thoughts."""
    end: tuple[int, ...]
    """Between thoughts and answer."""
    pad: int
    """Fills up questions."""
    eos: int
    """Ends an answer."""
    logits_considered: int
    """Number of leading logits over which the arg-max is taken."""


def read_base(folder: Path, rows: int, family: str) -> Base:
    """Read config and tokenizer of a base model whose embedding, with the added ids, has ``rows`` rows."""
    kind = str(read_json(folder / "config.json").get("model_type"))
    if kind not in KINDS:
        raise CheckpointError(f"{folder} is a {kind!r} model; supported base models are {', '.join(sorted(KINDS))}")
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    except Exception as error:
        # Configs and tokenizers fail in many library-specific ways; all of them mean the same to the user.
        raise CheckpointError(f"{folder / 'config.json'} is no valid config: {_one_line(error)}") from None
    tokenizer = _tokenizer(folder)
    plausible = {config.vocab_size + ADDED, config.vocab_size}
    if family == "coconut":
        # The official Coconut code resizes to the tokenizer, which may be shorter than the base's embedding.
        plausible.add(len(tokenizer) + ADDED)
    if rows not in plausible:
        raise CheckpointError(
            f"the checkpoint's embedding has {rows} rows; base {folder} has a vocabulary of {config.vocab_size}, so "
            f"{config.vocab_size + ADDED} with the {ADDED} added ids: is the base the right one?"
        )
    config.vocab_size = rows
    with torch.device("meta"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an empty network is about to be filled; notes on its defaults help nobody
        network = AutoModelForCausalLM.from_config(config, trust_remote_code=False)  # type: ignore[no-untyped-call]
    return Base(kind=kind, network=network, tokenizer=tokenizer)


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
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


def special_ids(base: Base, settings: Settings, rows: int) -> SpecialIds:
    """Derive the ids of a family: ``rows`` minus three, minus two, minus one are the added ones."""
    eos = settings.eos_token_id if settings.eos_token_id is not None else base.tokenizer.eos_token_id
    if not isinstance(eos, int):
        raise CheckpointError("the tokenizer names no end-of-sequence token; write eos_token_id into the settings")
    begin: tuple[int, ...]
    end: tuple[int, ...]
    if settings.family == "codi":
        # The official code adds pad, BOT, EOT, and leaves the last logit out of the arg-max.
        pad, begin, end = rows - 3, (rows - 2,), (rows - 1,)
        if not settings.remove_eos:
            begin, end = (eos, *begin), (*end, eos)
        considered = rows - 1
    else:
        pad, considered = eos, rows
        begin = (_added(base.tokenizer, "<|start-latent|>", rows - 3),)
        end = (_added(base.tokenizer, "<|end-latent|>", rows - 2),)
    ids = SpecialIds(
        begin=settings.begin_ids or begin,
        end=settings.end_ids or end,
        pad=pad if base.tokenizer.pad_token_id is None else int(base.tokenizer.pad_token_id),
        eos=eos,
        logits_considered=settings.logits_considered or considered,
    )
    for name, value in (("begin_ids", max(ids.begin)), ("end_ids", max(ids.end)), ("eos_token_id", ids.eos)):
        if value >= rows:
            raise CheckpointError(f"{name} holds {value}, but the checkpoint's embedding has only {rows} rows")
    if ids.logits_considered > rows:
        raise CheckpointError(f"logits_considered is {ids.logits_considered}, but there are only {rows} logits")
    return ids


def _added(tokenizer: PreTrainedTokenizerBase, token: str, otherwise: int) -> int:
    vocabulary = tokenizer.get_vocab()
    return int(vocabulary.get(token, otherwise))
