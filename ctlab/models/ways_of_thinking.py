"""Which ways of thinking a checkpoint's training leaves room for; read off its settings, without its weights."""

from ctlab.errors import CheckpointError
from ctlab.interventions.thinking import LATENT, THINKING
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.families import FAMILIES


def refusal(settings: CheckpointSettings, thinking: str) -> str:
    """Say why a model of these settings cannot be asked to think so, in a clause; empty where it can."""
    if thinking == LATENT:
        return ""
    if thinking not in THINKING:
        raise CheckpointError(f"a way of thinking is one of {', '.join(THINKING)}, not {thinking!r}")
    if settings.hidden:
        return (
            "its setting 'hidden' hides edges of its thoughts under every condition, and nothing says what that is "
            "where it writes"
        )
    writes = FAMILIES[settings.family].writes
    return f"family {settings.family} {writes}" if isinstance(writes, str) else ""
