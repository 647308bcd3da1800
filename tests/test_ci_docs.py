"""The workflow that docs/ci offers: its commands and options exist, and it may do little, from a fork too."""

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "ci"
README = (DOCS / "README.md").read_text(encoding="utf-8")


def workflow():
    return yaml.safe_load((DOCS / "claims.yml").read_text(encoding="utf-8"))


def steps():
    (job,) = workflow()["jobs"].values()
    return job["steps"]


def block(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@cache
def pytest_help():
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def commands():
    (gitlab,) = block("yaml")
    (jenkins,) = block("groovy")
    found = [step["run"] for step in steps() if "run" in step]
    found += yaml.safe_load(gitlab)["claims"]["script"]
    found += re.findall(r"sh '(.*)'", jenkins)
    return list(dict.fromkeys(line for text in found for line in text.strip().splitlines()))


@pytest.mark.parametrize("command", commands())
def test_every_command_and_option_exists(command):
    words = shlex.split(command)
    assert Path(words[0]).name in ("python", "python3")
    if words[1:3] == ["-m", "pytest"]:
        options = [word for word in words if word.startswith("--")]
        assert options
        assert [option for option in options if not re.search(rf"{option}[ =]", pytest_help())] == []
    elif words[1:4] == ["-m", "pip", "install"]:
        assert (ROOT / words[words.index("--constraint") + 1]).is_file()
    else:
        assert words[1:] == ["-m", "venv", ".venv"]


def test_a_fork_s_pull_request_gets_a_reading_token_and_no_secret():
    text = (DOCS / "claims.yml").read_text(encoding="utf-8")
    triggers = workflow()[True]  # YAML 1.1 reads `on` as a truth value
    assert set(triggers) == {"push", "pull_request", "workflow_dispatch"}
    assert workflow()["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in workflow()["jobs"].values())
    assert "secrets." not in text
    checkout = steps()[0]
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    # What an author of a pull request writes reaches no shell: expressions are in no command.
    assert not [step["run"] for step in steps() if "${{" in step.get("run", "")]


def test_actions_are_github_s_own_and_pinned():
    used = [step["uses"] for step in steps() if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w/-]+@(v\d+|[0-9a-f]{40})", action) for action in used)
    hosted = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert all(action in hosted for action in used if action.startswith(("actions/checkout", "actions/setup-python")))


def test_expressions_name_what_is_there():
    text = (DOCS / "claims.yml").read_text(encoding="utf-8")
    expressions = " ".join(re.findall(r"\$\{\{(.*?)\}\}", text))
    assert set(re.findall(r"\benv\.(\w+)", expressions)) <= set(workflow()["env"])
    assert set(re.findall(r"\bsteps\.(\w+)", expressions)) <= {step.get("id") for step in steps()}
    in_shell = {name for step in steps() for name in re.findall(r"\$(\w+)", step.get("run", ""))}
    assert in_shell == set(workflow()["env"])
    (files,) = re.findall(r"hashFiles\((.*?)\)", expressions)
    assert [pattern for pattern in re.findall(r"'(.*?)'", files) if not any(ROOT.glob(pattern))] == []


def test_store_and_report_are_kept_of_a_red_run_too():
    by_name = {step.get("name"): step for step in steps()}
    restored, kept = by_name["restore the store"], by_name["keep the store"]
    assert restored["with"]["path"] == kept["with"]["path"] == "${{ env.STORE }}"
    assert kept["with"]["key"] == "${{ steps.store.outputs.cache-primary-key }}"
    assert restored["with"]["key"].startswith(restored["with"]["restore-keys"])
    assert all("!cancelled()" in by_name[name]["if"] for name in ("keep the store", "keep the report"))
    order = [step.get("name") for step in steps()]
    assert order.index("restore the store") < order.index("claims") < order.index("keep the store")
    assert "if" not in by_name["claims"]
    assert "continue-on-error" not in by_name["claims"]
