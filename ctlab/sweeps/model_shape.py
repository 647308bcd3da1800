"""What a plan must know of a model, read without weights: where everything is, layers, heads, lengths of questions."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.field_docs import documented
from ctlab.interventions import Intervention
from ctlab.lab.executors import Engine, ModelEngine
from ctlab.settings import Settings
from ctlab.sweeps.cells import Grid

if TYPE_CHECKING:
    from ctlab.engine.layout import Layout
    from ctlab.models import LatentReasoner

_ANY_ROWS = 1 << 40  # of an embedding nobody has read: how many ids stand around thoughts does not depend on it


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class ModelShape:
    """A model without its weights."""

    layout: "Layout"
    """Lengths of begin, thoughts and end."""
    layers: int
    """Layers."""
    heads: int
    """Query heads of each."""
    hidden: tuple[Intervention, ...]
    """What it hides under every condition."""
    questions: Sequence[int]
    """Tokens of each question."""

    def factor_bytes(self, grid: Grid) -> int:
        """Size of one condition's factors, where its grid tells layers or heads apart."""
        kinds = (2 + self.layout.rows) * (6 + self.layout.tail)
        return 8 * kinds * (self.layers if grid.layers else 1) * (self.heads if grid.heads else 1)


def model_shape(settings: Settings, engine: Engine, questions: Sequence[str]) -> ModelShape | None:
    """Return the shape of the model that answers; None of an engine that brings a model of its own."""
    if not isinstance(engine, ModelEngine):
        return None
    # Workers' models are in other processes: of these, as of one that is not loaded yet, files say enough.
    model = engine.at_hand()
    return _of_files(settings, questions) if model is None else _of_loaded(model, questions)


def _of_loaded(model: "LatentReasoner", questions: Sequence[str]) -> ModelShape:
    from ctlab.engine.plan import layout_of

    return ModelShape(
        layout=layout_of(model),
        layers=model.num_layers,
        heads=model.num_heads,
        hidden=model.settings.hidden,
        questions=array("i", map(len, model.encode_all(questions))),
    )


def _of_files(settings: Settings, questions: Sequence[str]) -> ModelShape | None:
    from ctlab.engine.layout import Layout
    from ctlab.models.checkpoints.base_card import base_card
    from ctlab.models.checkpoints.base_model import read_tokenizer
    from ctlab.models.checkpoints.checkpoint_files import find, naming
    from ctlab.models.checkpoints.markers import markers_of
    from ctlab.models.families import FAMILIES
    from ctlab.models.thought_program import Jacobi, StopHead

    given = settings.model_settings or None
    source = find(settings.model, settings.base, given, allow_pickle=settings.allow_pickle)
    family, trained = FAMILIES[source.settings.family], source.settings
    program = family.program(trained)
    with naming(source.name, source.place):
        base = base_card(source.base, program.loop)
        tokenizer = read_tokenizer(source.base)
        markers = markers_of(trained, tokenizer, _ANY_ROWS)
    if base.num_layers is None or base.num_heads is None:
        return None
    texts = [family.prompt(question) + trained.question_suffix for question in questions]
    layout = Layout(
        begin=len(markers.begin),
        thoughts=program.thoughts,
        end=len(markers.end),
        passes=program.passes if isinstance(program.schedule, Jacobi) else None,
        own_stop=isinstance(program.stop, StopHead),
        unrolled=base.unrolled,
    )
    return ModelShape(
        layout=layout,
        layers=base.num_layers,
        heads=base.num_heads,
        hidden=trained.hidden,
        questions=array("i", map(len, tokenizer(texts)["input_ids"] if texts else [])),
    )
