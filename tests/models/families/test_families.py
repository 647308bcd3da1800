"""A family is named in its own file and nowhere else."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.checkpoints.known import KNOWN
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Family

ROOT = Path(__file__).parents[3]
ALLOWED = {
    "ctlab/models/families/__init__.py": "where families are listed",
    "ctlab/models/tiny": "the recipe of one model, which is of one family and is written in its layout",
    **dict.fromkeys(
        ("ctlab/problems/rows", "ctlab/problems/sources", "ctlab/results"),
        "a format may be called after the code that brought it",
    ),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_no_file_but_its_own_names_a_family(name):
    naming = [
        path.relative_to(ROOT).as_posix()
        for room in ("ctlab", "fixtures", "hypotheses")
        for path in sorted((ROOT / room).rglob("*.py"))
        if re.search(rf"(?<![a-z]){name}(?![a-z])", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    own = f"ctlab/models/families/{name}.py"
    assert own in naming
    assert [path for path in naming if not path.startswith((own, *ALLOWED))] == []


@pytest.mark.parametrize("name", FAMILIES)
def test_the_documentation_has_a_row_for_each_family(name):
    page = (ROOT / "docs" / "checkpoints.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{name}` \|.*$", page, re.MULTILINE)
    assert all(f"`{setting}`" in row for setting in FAMILIES[name].required)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_examples_and_published_settings_are_the_family_s_own(family):
    for form in (family.example, *(published.settings for published in family.published.values())):
        assert CheckpointSettings.from_json(form).family == family.name


def test_a_published_checkpoint_belongs_to_one_family():
    assert len(KNOWN) == sum(len(family.published) for family in FAMILIES.values())


def test_what_a_family_does_not_say_no_default_says():
    assert all(field.default is MISSING and field.default_factory is MISSING for field in fields(Family))
    rules = {name for name, member in vars(Family).items() if callable(member) and not name.startswith("_")}
    assert rules == Family.__abstractmethods__
