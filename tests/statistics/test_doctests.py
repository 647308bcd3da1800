"""The examples in the documentation of statistics run and print what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import ctlab.statistics

MODULES = sorted(each.name for each in pkgutil.walk_packages(ctlab.statistics.__path__, "ctlab.statistics."))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    found = doctest.testmod(import_module(name), raise_on_error=False)
    assert found.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    modules = [import_module(name) for name in MODULES]
    assert sum(bool(test.examples) for module in modules for test in finder.find(module)) >= 10
