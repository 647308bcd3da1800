"""Who answers, by the settings: one engine for each executor."""

from ctlab.errors import InputError
from ctlab.lab.executors.interface import Engine
from ctlab.lab.executors.local_model import ModelEngine
from ctlab.settings import Settings


def chosen_engine(settings: Settings, own: Engine | None = None) -> Engine:
    """Return the engine of the settings' executor, or the ``own`` one of who asks; it is only made, nothing is started.

    Raises
    ------
    InputError
        Where somebody's own engine or loaded model is asked for elsewhere: workers load what the settings name.
    """
    if settings.executor == "local" or settings.recorded:
        return own or ModelEngine(settings)
    if own is not None:
        raise InputError(
            f"--ctlab-executor {settings.executor}: workers load the model that --ctlab-model names, and here an "
            f"engine or a loaded model answers in its place; leave one of the two out"
        )
    if settings.executor == "slurm":
        from ctlab.lab.executors.slurm_engine import SlurmEngine

        return SlurmEngine(settings)
    from ctlab.lab.executors.ray_engine import RayEngine

    return RayEngine(settings)
