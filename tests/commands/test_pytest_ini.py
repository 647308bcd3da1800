"""The command's defaults are those of pytest: the same ini file, the same root, the same store."""

import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.commands.pytest_ini import settings_here
from ctlab.errors import InputError

FILES = {
    "pytest.ini": "[pytest]\nctlab_store = mine\nctlab_registry = claims.registry\n",
    ".pytest.ini": "[pytest]\nctlab_store = mine\nctlab_registry = claims.registry\n",
    "tox.ini": "[pytest]\nctlab_store = mine\nctlab_registry = claims.registry\n",
    "setup.cfg": "[tool:pytest]\nctlab_store = mine\nctlab_registry = claims.registry\n",
    "pyproject.toml": '[tool.pytest.ini_options]\nctlab_store = "mine"\nctlab_registry = "claims.registry"\n',
    "pytest.toml": '[pytest]\nctlab_store = "mine"\nctlab_registry = "claims.registry"\n',
}
SHOWN = """
def pytest_configure(config):
    from ctlab.settings import Settings
    settings = Settings.from_config(config)
    print("SHOWN", settings.store, settings.registry, config.rootpath)
"""


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("below", ["", "a/b"])
def test_what_the_nearest_ini_file_says(tmp_path, name, below):
    (tmp_path / name).write_text(FILES[name])
    (tmp_path / below).mkdir(parents=True, exist_ok=True)
    settings, root = settings_here(tmp_path / below, store=None)
    assert (settings.store, settings.registry, root) == (tmp_path / "mine", "claims.registry", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_pytest_itself_finds_the_same(tmp_path, name):
    (tmp_path / name).write_text(FILES[name])
    (tmp_path / "a").mkdir()
    (tmp_path / "shown.py").write_text(SHOWN)
    command = [sys.executable, "-m", "pytest", "-p", "ctlab.plugin", "-p", "shown", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--collect-only"],
        cwd=tmp_path / "a",
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}", "PATH": ""},
    )
    settings, root = settings_here(tmp_path / "a", store=None)
    assert f"SHOWN {settings.store} {settings.registry} {root}" in done.stdout, done.stdout + done.stderr


def test_without_an_ini_file_the_defaults_are_here(tmp_path):
    settings, root = settings_here(tmp_path, store=None)
    assert (settings.store, settings.registry, root) == (tmp_path / ".ctlab/store", "hypotheses.registry", tmp_path)


def test_what_is_typed_is_relative_to_where_it_is_typed(tmp_path):
    (tmp_path / "pytest.ini").write_text(FILES["pytest.ini"])
    (tmp_path / "a").mkdir()
    settings, _ = settings_here(tmp_path / "a", store="typed")
    assert settings.store == tmp_path / "a" / "typed"


def test_pytest_s_own_files_come_first_and_those_without_its_table_do_not_count(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "tox.ini").write_text("[tox]\n")
    assert settings_here(tmp_path, store=None)[0].store == tmp_path / ".ctlab/store"
    (tmp_path / "setup.cfg").write_text(FILES["setup.cfg"])
    assert settings_here(tmp_path, store=None)[0].store == tmp_path / "mine"
    (tmp_path / "pytest.ini").write_text("")
    assert settings_here(tmp_path, store=None)[0].store == tmp_path / ".ctlab/store"


@pytest.mark.parametrize(("name", "text"), [("pytest.ini", "no section\n"), ("pyproject.toml", "[[[")])
def test_a_file_that_is_none_is_a_sentence(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="cannot be read as pytest's ini file"):
        settings_here(tmp_path, store=None)


def test_other_settings_of_the_file_do_not_matter(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nctlab_limit = many\nctlab_store = mine\n")
    assert settings_here(tmp_path, store=None)[0].store == tmp_path / "mine"
