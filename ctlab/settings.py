"""Settings: everything a run of claims was asked for, read once from the command line and the ini file, and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ctlab.bound_models import DTYPES, PADDINGS, NamedModel
from ctlab.errors import InputError
from ctlab.given_options import Config, GivenOptions
from ctlab.key_values import key_values
from ctlab.option_values import alpha, count, device, one_of
from ctlab.sbatch_options import sbatch_options

EXECUTORS = ("local", "ray", "slurm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run was asked for, checked as far as possible without reading a file."""

    model: str = "tiny"
    """Id of the model."""
    models: Mapping[str, NamedModel] = field(default_factory=dict)
    """Models that conditions call by a name, by that name: those that were given for this run."""
    base: str | None = None
    """Base model's config and tokenizer, None where the checkpoint carries them."""
    model_settings: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the model's settings that are said here, over what is known and its ctlab.json."""
    problems: str = "tiny"
    """Id of the problem set, or the path of a file or folder."""
    limit: int | None = None
    """Number of problems, from the first; None means all."""
    recorded: Mapping[str, Path]
    """Files of recorded answers by condition name."""
    records: Path | None = None
    """Folder of published records, for a suite that is judged from these; None where nobody says where they lie."""
    limits: tuple[str, ...] = ()
    """What is flagged beside every verdict: what such records do not allow to conclude."""
    store: Path
    """Folder of the generations."""
    report: Path
    """Folder of the reports."""
    device: str = "cpu"
    """Where to compute."""
    dtype: str = "float32"
    """Floating-point type of weights and activations."""
    batch_tokens: int | None = None
    """Most tokens in a batch, None for an automatic choice."""
    executor: str = "local"
    """Where generations run: here, or in the workers of a cluster."""
    ray_address: str | None = None
    """Ray cluster to ask; None for the one of ``RAY_ADDRESS``, else one of this machine alone."""
    ray_cpus: int | None = None
    """CPUs of each of its workers where these compute on CPUs, None for an automatic choice."""
    slurm: Mapping[str, Any] = field(default_factory=dict)
    """What each task of Slurm asks for, by the long name of the option of ``sbatch``."""
    padding: str = "exact"
    """``exact`` or ``as-published``."""
    max_new_tokens: int | None = None
    """Most tokens of an answer."""
    history: bool = True
    """Add the run to history.jsonl beside the reports, and show the earlier ones."""
    plan: bool = False
    """Only print what would be done."""
    allow_pickle: bool = False
    """Load checkpoints that are pickles."""
    plain_junit: bool = False
    """Whether JUnit's file is left without the properties of claims."""
    keep_states: bool = False
    """Keep raw hidden states."""
    accept: bool = False
    """Accept this run's verdicts."""
    confirmatory: bool = False
    """Fail on claims that were not registered for these answers before they were seen."""
    gate: bool = False
    """Fail where no verdict is accepted for this model and these problems."""
    strict: bool = False
    """Fail on every claim that is not SUPPORTED, whatever was accepted."""
    register: bool = False
    """Register the selected claims; generate and judge nothing."""
    register_late: bool = False
    """Enter the selected claims as registered after their answers; generate and judge nothing."""
    recorded_options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """How a condition's file is read, by condition name: what stands behind its ``?`` (docs/results.md)."""
    withdraw: Mapping[str, str] = field(default_factory=dict)
    """Reasons by id of claims to withdraw; nothing is generated and judged then."""
    alpha: float | None = None
    """α of every family, a proportion; None leaves each family the one that its module gives it."""
    study_alpha: float | None = None
    """α of all families together, divided among them evenly; None leaves each its own."""
    registry: str = "hypotheses.registry"
    """Module of the registered claims."""

    @property
    def devices(self) -> tuple[str, ...]:
        """Devices to compute on, one process each where there are several."""
        return tuple(self.device.split(","))

    @property
    def writes_registry_only(self) -> bool:
        """Whether the run changes the registry and does nothing else."""
        return self.register or self.register_late or bool(self.withdraw)

    @property
    def wants_verdicts(self) -> bool:
        """Whether it must not pass that nothing is judged."""
        return self.plan or self.accept or self.confirmatory or self.gate or self.strict or self.writes_registry_only

    @classmethod
    def from_config(cls, config: Config) -> "Settings":
        """Read and check every option: command line before ini file before default; InputError names what is wrong."""
        read = GivenOptions(config)
        recorded = read.recorded()
        model, models = read.models()
        settings = cls(
            model=model,
            models=models,
            base=read.source("base", "") or None,
            model_settings=key_values(*read.given("settings")),
            problems=read.source("problems", "tiny"),
            limit=read.value("limit", count),
            recorded={name: file for name, (file, _) in recorded.items()},
            recorded_options={name: options for name, (_, options) in recorded.items() if options},
            records=read.optional_folder("records"),
            store=read.folder("store", ".ctlab/store"),
            report=read.folder("report", "reports"),
            device=read.value("device", device) or "cpu",
            dtype=read.value("dtype", one_of(DTYPES)) or "float32",
            batch_tokens=read.value("batch-tokens", count),
            executor=read.value("executor", one_of(EXECUTORS)) or "local",
            ray_address=read.text("ray-address", "") or None,
            ray_cpus=read.value("ray-cpus", count),
            slurm=sbatch_options(*read.given("slurm")),
            padding=read.value("padding", one_of(PADDINGS)) or "exact",
            max_new_tokens=read.value("max-new-tokens", count),
            history=not read.switch("no-history"),
            plan=read.switch("plan", ini=False),
            allow_pickle=read.switch("allow-pickle"),
            plain_junit=read.switch("plain-junit"),
            keep_states=read.switch("keep-states"),
            accept=read.switch("accept", ini=False),
            confirmatory=read.switch("confirmatory"),
            gate=read.switch("gate"),
            strict=read.switch("strict"),
            register=read.switch("register", ini=False),
            register_late=read.switch("register-late", ini=False),
            withdraw=read.reasons("withdraw"),
            alpha=read.value("alpha", alpha),
            study_alpha=read.value("study-alpha", alpha),
            registry=read.text("registry", "hypotheses.registry"),
        )
        settings._refuse_contradictions()
        for option, executor in (("ray-address", "ray"), ("ray-cpus", "ray"), ("slurm", "slurm")):
            where, given = read.given(option)
            # One in the ini file waits for its executor, which the command line may have put aside for a run.
            if given and settings.executor != executor and where.startswith("--"):
                raise InputError(
                    f"{where} is for --ctlab-executor {executor}, and this run's is {settings.executor}; add the "
                    f"executor, or leave {where} out"
                )
        return settings

    def _refuse_contradictions(self) -> None:
        if self.accept and self.plan:
            raise InputError("--ctlab-plan judges nothing, so --ctlab-accept has nothing to accept; leave one out")
        if self.accept and self.confirmatory:
            raise InputError("--ctlab-confirmatory forbids changes that --ctlab-accept would write; leave one out")
        if self.accept and self.strict:
            raise InputError("--ctlab-strict makes red what --ctlab-accept accepts; leave one out")
        self._refuse_two_purposes()
        if self.alpha is not None and self.study_alpha is not None:
            raise InputError("ctlab_alpha is a family's level and ctlab_study_alpha all families'; leave one out")
        if self.keep_states and self.recorded:
            raise InputError("--ctlab-keep-states: recorded answers have no hidden states; leave one of the two out")
        if self.executor != "local" and self.device not in ("cpu", "cuda"):
            raise InputError(
                f"--ctlab-executor {self.executor} gives each worker its device, so that --ctlab-device is cpu or "
                f"cuda, without a number; not {self.device!r}"
            )

    def _refuse_two_purposes(self) -> None:
        asked = {
            "--ctlab-register": self.register,
            "--ctlab-register-late": self.register_late,
            "--ctlab-withdraw": bool(self.withdraw),
            "--ctlab-accept": self.accept,
            "--ctlab-plan": self.plan,
        }
        given = [option for option, there in asked.items() if there]
        if self.writes_registry_only and len(given) > 1:
            raise InputError(f"{' and '.join(given)} are two steps, one after the other; leave one out")
