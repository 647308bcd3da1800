"""What a suite declares through the hooks of ``ctlab.plugin.hookspec``, and in which of its files."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pluggy
import pytest

from ctlab import formatting
from ctlab.interventions import Condition
from ctlab.lab import declared
from ctlab.lab.executors import Engine
from ctlab.lab.suite_code import place
from ctlab.plugin import hookspec
from ctlab.records import PublishedRecords
from ctlab.records.own_functions import Function, nearest
from ctlab.settings import Settings

_OURS = "pytest_ctlab_"
"""How the names of ctlab's hooks begin."""
_OUR_HOOK = re.compile(rf"{_OURS}\w+")
_MEANT = (pytest.UsageError, pytest.exit.Exception, pytest.skip.Exception)
"""What a hook raises on purpose is pytest's to say."""


@contextmanager
def hooks_told() -> Iterator[None]:
    """Say in one sentence that a hook of ours, in a file that is being loaded, takes what it is never given."""
    try:
        yield
    except pluggy.PluginValidationError as error:
        if (found := _OUR_HOOK.search(str(error))) is None:
            raise
        function = getattr(error.plugin, found[0], None)
        code = getattr(function, "__code__", None)
        where = place(code.co_filename, code.co_firstlineno) if code else str(error.plugin)
        takes = list(inspect.signature(getattr(hookspec, found[0])).parameters)
        raise pytest.UsageError(
            f"ctlab: {where}: {found[0]} is given {formatting.listed(takes) or 'nothing'}; name its arguments so, or "
            "leave them out"
        ) from None


class HookDeclarations:
    """What a suite declares, collected from its plugins; what a hook returns wrongly is said with its file and line."""

    def __init__(self, config: pytest.Config) -> None:
        self._hooks = config.hook

    def conditions(self, card: Mapping[str, Any]) -> Iterable[Condition]:
        """Every plugin's conditions, one after another."""
        with declared.asked_of_a_suite(card, _MEANT):  # a generator is run through inside too
            return declared.conditions_returned(self._ask(declared.CONDITIONS, card=card), self._where())

    def models(self) -> Mapping[str, str]:
        """Every plugin's models by the names that conditions call them."""
        hook = "pytest_ctlab_models"
        with declared.asked_of_a_suite({}, _MEANT):
            return declared.models_returned(self._ask(hook), self._where(hook))

    def outcomes(self) -> Iterable[Mapping[str, Function]]:
        """Every plugin's own outcomes."""
        return self._tables("pytest_ctlab_outcomes")

    def features(self) -> Iterable[Mapping[str, Function]]:
        """Every plugin's own features."""
        return self._tables("pytest_ctlab_features")

    def engine(self, settings: Settings) -> Engine | None:
        """The first engine that a plugin brings."""
        hook = "pytest_ctlab_engine"
        with declared.asked_of_a_suite({}, _MEANT):
            own = getattr(self._hooks, hook)(settings=settings)
        return declared.engine_returned(own, self._where(hook))

    def records(self, settings: Settings) -> PublishedRecords | None:
        """The published records that claims are judged from, as the first plugin has them."""
        hook = "pytest_ctlab_records"
        with declared.asked_of_a_suite({}, _MEANT):
            records = getattr(self._hooks, hook)(settings=settings)
        return declared.records_returned(records, self._where(hook))

    @property
    def any_conditions(self) -> bool:
        """Whether anybody declares conditions: then there are claims about them."""
        return bool(self._implementations(declared.CONDITIONS))

    def unknown_hook(self) -> str:
        """Say that a hook has a name which none of ctlab's has, and what was meant; empty where none has."""
        callers = {name: hook for name, hook in vars(self._hooks).items() if name.startswith(_OURS)}
        known = [name for name, hook in callers.items() if hook.has_spec()]
        for name in callers.keys() - {*known}:
            if any(not each.optionalhook for each in self._implementations(name)):
                meant = nearest(name, known) or f"; there are {formatting.listed(known)}"
                return f"{self._where(name)}: there is no hook {name}{meant}"
        return ""

    def _tables(self, hook: str) -> list[Mapping[str, Function]]:
        with declared.asked_of_a_suite({}, _MEANT):
            return declared.tables_returned(hook, self._ask(hook), self._where(hook))

    def _ask(self, hook: str, **given: Any) -> list[object]:
        """Call a hook; pluggy leaves out those that return None."""
        results: list[object] = getattr(self._hooks, hook)(**given)
        if len(results) < len(self._implementations(hook)):
            declared.refuse_silence(hook, self._where(hook))
        return results

    def _where(self, hook: str = declared.CONDITIONS) -> str:
        """Name the places where a hook is implemented."""
        codes = [each.function.__code__ for each in self._implementations(hook) if hasattr(each.function, "__code__")]
        return " or ".join(place(code.co_filename, code.co_firstlineno) for code in codes) or hook

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        """Functions that answer a hook themselves, and do not wrap others' answers."""
        return [each for each in getattr(self._hooks, hook).get_hookimpls() if not (each.wrapper or each.hookwrapper)]
