"""PCCoT (Wu et al. 2025, arXiv 2506.18582): all thoughts together, a few passes of Jacobi's iteration over them.

Pass 0 reads a placeholder at every slot; each later pass feeds a slot the state of the position before it, as the pass
before left it. Checkpoints are PEFT folders beside their base, with the rows of four added tokens.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.errors import CheckpointError
from ctlab.inputs import is_text, shown
from ctlab.models.families.base import AsPublished, Family, Layout, Markers, Stated
from ctlab.models.families.published_checkpoints import published
from ctlab.models.families.training_settings import MOST_THOUGHTS, TrainingSettings, check_whole
from ctlab.models.families.written_task import ONE_WAY
from ctlab.models.thought_program import HiddenState, Jacobi, ThoughtProgram

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedTokenizerBase

_ARGUMENTS, _CONFIG = "pccot_args.json", "config.json"
_STATED = (
    ("num_latent", _ARGUMENTS, "num_latent_tokens"),
    ("answer_prompt", _ARGUMENTS, "answer_prompt"),
    ("num_iterations", _CONFIG, "num_iterations"),
    ("latent", _ARGUMENTS, "latent_token_id"),
)
"""Names here, and where the official code writes what they are called there."""
_PROJECTION = tuple(f"base_model.model.prj.{layer}.{kind}" for layer in (0, 2, 3) for kind in ("weight", "bias"))


class PCCoT(Family):
    """Rules of PCCoT's folders."""

    def stated(self, files: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Stated]:
        """Thoughts, passes and prompt as the official code saved them; refuses questions within a chat template."""
        arguments = files.get(_ARGUMENTS, {})
        if arguments.get("use_chat_template"):
            raise CheckpointError(
                f"{_ARGUMENTS} says use_chat_template true: it was trained with questions in its base's chat template, "
                f"which is not written here, so that its answers would be those to other questions"
            )
        said = {
            name: Stated(value=files[file][key], file=file, key=key)
            for name, file, key in _STATED
            if files.get(file, {}).get(key) is not None
        }
        begin = arguments.get("bot_token_id")
        return said if begin is None else {**said, "begin": Stated(value=(begin,), file=_ARGUMENTS, key="bot_token_id")}

    def check(self, training: TrainingSettings) -> None:
        """Refuse settings without passes or prompt, and a projection."""
        check_whole("num_latent", training.num_latent, least=1)
        more = " (after as many passes as there are thoughts, one more changes nothing)"
        check_whole("num_iterations", training.num_iterations, least=1, most=MOST_THOUGHTS, why=more)
        if not isinstance(training.answer_prompt, str) or not is_text(training.answer_prompt):
            raise CheckpointError(
                f"answer_prompt must be the text that follows the thoughts (answer_prompt in pccot_args.json), not "
                f"{shown(training.answer_prompt)}"
            )
        if training.use_prj:
            raise CheckpointError(
                "use_prj is true, but the official code leaves the projection out when it loads a checkpoint "
                "(use_projection is put in after the model is built), so that no published answer contains it; say "
                "use_prj false for what is published"
            )

    def program(self, training: TrainingSettings) -> ThoughtProgram:
        """Every slot is fed a state, in as many passes as the official ``num_iterations`` says."""
        schedule = Jacobi(passes=training.num_iterations or 0)
        return ThoughtProgram(slots=(HiddenState(),) * training.num_latent, schedule=schedule)

    def prompt(self, question: str) -> str:
        """The question as it is."""
        return question

    def possible_rows(self, vocabulary: int, tokens: int) -> set[int]:
        """The base's vocabulary and the added ids."""
        return {vocabulary + self.added_ids}

    def markers(
        self, training: TrainingSettings, tokenizer: "PreTrainedTokenizerBase", *, rows: int, eos: int
    ) -> Markers:
        """The official code adds bot, eot, latent and pad, in this order, and forces the prompt after eot."""
        bot, eot, latent, pad = range(rows - self.added_ids, rows)
        prompt: list[int] = tokenizer(training.answer_prompt, add_special_tokens=False)["input_ids"]
        return Markers(begin=(bot,), end=(eot, *prompt), pad=pad, eos=eos, logits_considered=rows, latent=latent)

    def unused(self, own: Mapping[str, "Tensor"], embedding: "Tensor") -> Mapping[str, str]:
        """A trained projection, which the official loading drops without a word."""
        return dict.fromkeys(own, "projection that the official code drops when it loads a checkpoint")

    def projection(self, training: TrainingSettings, own: Mapping[str, "Tensor"], width: int) -> "Module | None":
        """The identity."""
        return None

    def recomputed_thought(self, training: TrainingSettings, own: Mapping[str, "Tensor"], hidden: "Tensor") -> "Tensor":
        """The state as it is."""
        return hidden


PCCOT = PCCoT(
    name="pccot",
    trained="trained by self-distillation to think all its thoughts together, a few passes over them (PCCoT)",
    layout=Layout(
        prefixes=("base_model.model.",),
        training_only=(),
        own=_PROJECTION,
        adapters=True,
        pickles=("adapter_model.bin",),
    ),
    states=(_ARGUMENTS, _CONFIG),
    added_ids=4,
    # 2: as published in padded batches, not each question alone.
    revision=2,
    # As for CODI, whose data and answers these are.
    max_new_tokens=64,
    knows=("num_iterations", "answer_prompt", "use_prj", "lora_r", "lora_alpha", "use_rslora"),
    # lora_r and lora_alpha stand in adapter_config.json.
    required=("num_latent", "num_iterations", "use_prj", "answer_prompt"),
    example={
        "family": "pccot",
        "num_latent": 24,
        "num_iterations": 3,
        "use_prj": False,
        "answer_prompt": "The answer is:",
    },
    published=published("pccot"),
    answer_forms=None,
    # test_ccot.py as its template calls it: 64 questions padded on the left, attention by flash_attention_2, in which
    # padding columns get zeros. Passes after the first are called without a mask. GPT-2's forward is handed positions
    # that leave padding out; Llama's counts columns, and generation goes on without those of padding.
    writes=ONE_WAY,
    as_published=AsPublished(
        batch=64,
        first_token_ends=False,
        passes_alone=True,
        positions={"gpt2": "tokens", "": "columns-then-tokens"},
    ),
)
