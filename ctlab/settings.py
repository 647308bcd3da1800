"""Settings: everything a run of claims was asked for, read once from the command line and the ini file, and checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ctlab.bound_models import DTYPES, PADDINGS, NamedModel, split_models
from ctlab.errors import InputError
from ctlab.file_options import path_and_options, source_in
from ctlab.inputs import is_text
from ctlab.key_values import key_values
from ctlab.option_values import alpha, count, device, one_of

T = TypeVar("T")
EXECUTORS = ("local",)


class Config(Protocol):
    """What is read of a ``pytest.Config``."""

    @property
    def rootpath(self) -> Path:
        """Folder of the ini file."""

    @property
    def invocation_params(self) -> Any:
        """Among others ``dir``, where pytest was started."""

    def getoption(self, name: str, default: Any) -> Any:
        """Value of a command line option, None when it was not given."""

    def getini(self, name: str) -> Any:
        """Value from the ini file, empty when it was not given."""


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
    """Where generations run."""
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
        read = _Reader(config)
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


class _Reader:
    """Finds a setting's value and where it was given, for the error message."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def given(self, name: str, *, ini: bool = True) -> tuple[str, Any]:
        """Say where a value was given, and which, None or empty where it was not."""
        key = "ctlab_" + name.replace("-", "_")
        value = self._config.getoption(key, None)
        if value not in (None, [], False):
            return f"--ctlab-{name}", value
        return f"ini option {key}", self._config.getini(key) if ini else None

    def _folder_of(self, where: str) -> Path:
        # As everywhere in pytest: what is typed is relative to where it is typed, the ini file to the root.
        return Path(self._config.invocation_params.dir) if where.startswith("--") else self._config.rootpath

    def text(self, name: str, default: str) -> str:
        where, value = self.given(name)
        if where.startswith("--") and not str(value).strip():
            raise InputError(f"{where} is empty; leave it out for the default ({default or 'none'})")
        return str(value).strip() if value else default

    def source(self, name: str, default: str) -> str:
        """Read an id that may also be a path, as it is where it was typed."""
        text = self.text(name, default)
        if text in ("", default) or self.given(name)[0].startswith("--"):
            return text
        return source_in(text, self._config.rootpath)

    def models(self) -> tuple[str, dict[str, NamedModel]]:
        """Read the run's own model, and those that conditions call by a name; what is typed wins, name by name."""
        plain, named = "tiny", dict[str, NamedModel]()
        for where, given in (
            ("ini option ctlab_model", self._config.getini("ctlab_model")),
            ("--ctlab-model", self._config.getoption("ctlab_model", None)),
        ):
            lines = given.splitlines() if isinstance(given, str) else given or ()
            folder = self._folder_of(where)
            found, others = split_models(
                [line for line in lines if line.strip() or where.startswith("--")], where, folder
            )
            if found is not None and not found:
                raise InputError(f"{where} is empty; leave it out for the default (tiny)")
            if not where.startswith("--"):
                found = found and source_in(found, folder)
                others = {name: replace(each, id=source_in(each.id, folder)) for name, each in others.items()}
            plain, named = found or plain, named | others
        return plain, named

    def switch(self, name: str, *, ini: bool = True) -> bool:
        return bool(self.given(name, ini=ini)[1])

    def value(self, name: str, parse: Callable[[str], T]) -> T | None:
        where, value = self.given(name)
        if value in (None, ""):
            return None
        try:
            return parse(str(value).strip())
        except ValueError as error:
            raise InputError(f"{where} must be {error}, not {value!r}") from None

    def folder(self, name: str, default: str) -> Path:
        return self.optional_folder(name) or self._config.rootpath / default

    def optional_folder(self, name: str) -> Path | None:
        where, value = self.given(name)
        return self._folder_of(where) / Path(value).expanduser() if value else None

    def reasons(self, name: str) -> dict[str, str]:
        """Read ID=REASON, each id once; a reason is a sentence that a reader of the registry will want."""
        where, values = self.given(name, ini=False)
        reasons: dict[str, str] = {}
        for value in values or ():
            claim, _, reason = value.partition("=")
            if not claim.strip() or not reason.strip():
                raise InputError(f"{where} must be ID=REASON, with a claim's id and why it is withdrawn, not {value!r}")
            if not is_text(reason):
                raise InputError(f"{where}: the reason for {claim.strip()!r} is no UTF-8 text, which no file can hold")
            if reasons.setdefault(claim.strip(), reason.strip()) != reason.strip():
                raise InputError(f"{where} gives claim {claim.strip()!r} two reasons; leave one out")
        return reasons

    def recorded(self) -> dict[str, tuple[Path, dict[str, str]]]:
        """Read NAME=FILE or NAME=FILE?KEY=VALUE&…, each name once."""
        where, values = self.given("recorded")
        files: dict[str, tuple[Path, dict[str, str]]] = {}
        for value in values or ():
            name, equals, file = value.partition("=")
            if not equals or not file or not name.isidentifier():
                raise InputError(f"{where} must be NAME=FILE with a condition's name, not {value!r}")
            if name in files:
                raise InputError(f"{where} gives condition {name!r} twice: {files[name][0]} and {file}; leave one out")
            files[name] = _with_options(self._folder_of(where), file, where)
        return files


def _with_options(folder: Path, given: str, where: str) -> tuple[Path, dict[str, str]]:
    path, options = path_and_options(given, folder=folder, name=f"{where} {given}")
    return folder / Path(path).expanduser(), options
