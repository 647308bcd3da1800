"""What a suite declares is what its hooks are asked for, and holds what its claims name; else it is said at once."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from ctlab.claims import EVERY_OUTCOME, Claim
from ctlab.claims.constructed import unfit_for_its_kind
from ctlab.errors import RegistryError
from ctlab.inputs import shown
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.executors import Engine
from ctlab.lab.suite_code import suites_code
from ctlab.outcomes import Outcome
from ctlab.outcomes.unknown_outcome import unknown_outcome
from ctlab.records import PublishedRecords
from ctlab.records.own_functions import Function, Own, nearest

CONDITIONS = "pytest_ctlab_conditions"
"""Name of the hook that declares conditions; without one only the baseline is known."""
MODELS = "pytest_ctlab_models"
"""Name of the hook that binds models to names."""
_IDS = "a table from names to ids, such as {'written': 'tiny-graphs-cot'}, {} for none"
_TABLE = "a table from names to functions, such as {'NAME': function}, {} for none"
_WANTED = "its conditions as a list or tuple of ctlab.interventions.Condition, () for none"
_NO_CARD = " (for no model in particular it is asked with an empty card: read it by card.get)"


@contextmanager
def asked_of_a_suite(card: Mapping[str, Any], spared: tuple[type[BaseException], ...]) -> Iterator[None]:
    """Say where a hook failed; and, where it looked up what an empty card has not, that it was empty."""
    try:
        with suites_code(spared):
            yield
    except RegistryError as error:
        if isinstance(error.__cause__, KeyError) and not card:
            raise RegistryError(f"{error}{_NO_CARD}") from error.__cause__
        raise


def conditions_returned(results: Iterable[object], where: str) -> tuple[Condition, ...]:
    """Return the conditions that implementations of the hook returned, one after another."""
    found: list[Condition] = []
    for result in results:
        if isinstance(result, str | Mapping | Condition) or not isinstance(result, Iterable):
            alone = isinstance(result, Condition)
            got = f"the condition {result.name!r} alone" if isinstance(result, Condition) else _got(result)
            _refuse(where, CONDITIONS, _WANTED, got, "write (CONDITION,), with a comma" if alone else "")
        for each in result:
            if not isinstance(each, Condition):
                made = "make one of its JSON form by Condition.from_json" if isinstance(each, Mapping) else ""
                _refuse(where, CONDITIONS, _WANTED, f"{_got(each)} among them", made)
            found.append(each)
    return tuple(found)


def models_returned(results: Iterable[object], where: str) -> dict[str, str]:
    """Return the models that implementations of a hook bind to names, each name once."""
    bound: dict[str, str] = {}
    for result in results:
        if not isinstance(result, Mapping) or not all(
            isinstance(name, str) and name.isidentifier() and isinstance(model, str) for name, model in result.items()
        ):
            _refuse(where, MODELS, _IDS, _got(result))
        for name, model in result.items():
            if bound.setdefault(name, model) != model:
                _refuse(where, MODELS, "each name once", f"{name} as {bound[name]} and as {model}", "rename one")
    return bound


def tables_returned(hook: str, results: Iterable[object], where: str) -> list[Mapping[str, Function]]:
    """Return the tables of own outcomes or features that implementations of a hook returned."""
    tables: list[Mapping[str, Function]] = []
    for result in results:
        if not isinstance(result, Mapping) or not all(isinstance(name, str) for name in result):
            _refuse(
                where, hook, "a table from names to functions, such as {'NAME': function}, {} for none", _got(result)
            )
        tables.append(result)
    return tables


def engine_returned(result: object, where: str) -> Engine | None:
    """Return the engine that a suite brings, None where it leaves the model that the settings name."""
    if result is None:
        return None
    lacking = [name for name in ("digest", "card", "certify", "batches") if not hasattr(result, name)]
    if lacking or isinstance(result, type):
        got = f"the class {result.__name__}" if isinstance(result, type) else f"{_got(result)} without {lacking[0]}"
        advice = "write (), so that one is made" if isinstance(result, type) and not lacking else ""
        wanted = "an engine (ctlab.lab.executors.Engine), or None for the model that the settings name"
        _refuse(where, "pytest_ctlab_engine", wanted, got, advice)
    return result  # type: ignore[return-value]  # its members were looked up one by one


def records_returned(result: object, where: str) -> PublishedRecords | None:
    """Return the published records that a suite is judged from, None where a model answers."""
    if result is not None and not isinstance(result, PublishedRecords):
        _refuse(where, "pytest_ctlab_records", "ctlab.records.PublishedRecords, or None", _got(result))
    return result


def refuse_silence(hook: str, where: str) -> None:
    """Refuse a hook that returned None: a forgotten ``return`` would be a suite without conditions."""
    _refuse(where, hook, {CONDITIONS: _WANTED, MODELS: _IDS}.get(hook, _TABLE), "None", "is its `return` missing?")


def check_named(claims: Iterable[Claim], conditions: Iterable[str], own: Own) -> None:
    """Refuse a claim that names a condition or an outcome which nobody declares, or not what its kind needs.

    ``conditions`` are all that are declared, for the model at hand or for none in particular.
    """
    known = {BASELINE.name, *conditions}
    for claim in claims:
        if unknown := [name for name in claim.all_conditions if name not in known]:
            raise RegistryError(f"claim {claim.id!r} names {unknown_condition(unknown[0], known)}")
        if claim.outcome != EVERY_OUTCOME and claim.outcome not in {*map(str, Outcome), *own.outcomes}:
            raise RegistryError(f"claim {claim.id!r}: {unknown_outcome(claim.outcome, own)}")
        if wrong := unfit_for_its_kind(claim):
            raise RegistryError(f"claim {claim.id!r}: {wrong}")


def unknown_condition(name: str, known: Iterable[str]) -> str:
    """Say that no condition has a name, and what was meant: another one, or a hook that is not there."""
    known = sorted(known)
    if known == [BASELINE.name]:
        return (
            f"the condition {name!r}, and none is declared: no conftest.py or plugin implements {CONDITIONS}, or it "
            'returns none; name the module that has it in conftest.py beside the ini file: pytest_plugins = ("MODULE",)'
        )
    return f"the unknown condition {name!r}{nearest(name, known)}; known: {', '.join(known)}"


def _got(value: object) -> str:
    if isinstance(value, Mapping):
        return "a table"
    return shown(value) if isinstance(value, list | tuple) else f"the {type(value).__name__} {shown(value)}"


def _refuse(where: str, hook: str, wanted: str, got: str, advice: str = "") -> NoReturn:
    raise RegistryError(f"{where}: {hook} returns {wanted}, not {got}{f'; {advice}' if advice else ''}")
