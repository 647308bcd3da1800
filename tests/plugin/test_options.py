from pathlib import Path

import pytest

from ctlab.plugin.options import OPTIONS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_is_documented(option):
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    if option.where != "ini":
        assert f"--ctlab-{option.name}" in text
    if option.where != "command line":
        assert "ctlab_" + option.name.replace("-", "_") in text


def test_help_lists_every_option_with_its_default(pytester):
    result = pytester.runpytest_inprocess("--help")
    text = " ".join(result.stdout.str().split())
    for option in OPTIONS:
        assert f"--ctlab-{option.name}" in text or option.where == "ini"
        assert "ctlab_" + option.name.replace("-", "_") in text or option.where == "command line"
        assert (
            " ".join(option.help.split()) in text.replace("- ", "-")
            or "default" in option.help
            or option.metavar is None
        )
