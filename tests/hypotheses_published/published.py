"""The curriculum study's records in the shared folder, asked through a notebook's lab."""

from functools import cache

from ctlab import Lab
from hypotheses_published.conftest import pytest_ctlab_conditions
from hypotheses_published.records import RECORDS
from hypotheses_published.registry import FAMILIES
from tests.shared_data import shared

CLAIMS = [claim for family in FAMILIES for claim in family.claims]


def folder():
    return shared("data/field")


def asked(file):
    """A file as `Lab` takes it, with how it is read."""
    options = "&".join(f"{name}={value}" for name, value in file.options.items())
    return str(RECORDS.found(file, folder())) + (f"?{options}" if options else "")


@cache
def lab(name, store):
    """The lab of one problem set."""
    files = {condition: asked(file) for condition, file in RECORDS.sets[name].answers.items()}
    return lab_of(name, files, store)


def lab_of(name, files, store):
    return Lab(
        problems=RECORDS.found(RECORDS.sets[name].problems, folder()),
        recorded=files,
        conditions=list(pytest_ctlab_conditions({})),
        registry="hypotheses_published.registry",
        store=store,
        progress=False,
    )
