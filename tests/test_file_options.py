"""What stands behind a file's question mark."""

import re

import pytest

from ctlab.errors import InputError, ProblemSetError
from ctlab.file_options import path_and_options


@pytest.mark.parametrize(
    ("text", "path", "options"),
    [
        ("x.csv", "x.csv", {}),
        ("x.csv?answer=pred&id=qid", "x.csv", {"answer": "pred", "id": "qid"}),
        ("why?.csv?answer=pred", "why?.csv", {"answer": "pred"}),
        ("x.csv?answer=a%26b=c&id=", "x.csv", {"answer": "a&b=c", "id": ""}),
        ("x.csv?answer=a+b", "x.csv", {"answer": "a+b"}),
        ("?id=x", "?id=x", {}),
    ],
)
def test_a_file_and_its_options(text, path, options):
    assert path_and_options(text) == (path, options)


def test_a_file_that_is_called_so_is_that_file(tmp_path):
    (tmp_path / "what?id=x").write_text("")
    (tmp_path / "gone?id=x").symlink_to(tmp_path / "nowhere")
    assert path_and_options(f"{tmp_path}/what?id=x") == (f"{tmp_path}/what?id=x", {})
    assert path_and_options("what?id=x", folder=tmp_path) == ("what?id=x", {})
    assert path_and_options("gone?id=x", folder=tmp_path) == ("gone?id=x", {})
    assert path_and_options("what?id=x") == ("what", {"id": "x"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "x.csv?answer",
            "behind the question mark stands NAME=VALUE, with & between several, not 'answer'",
        ),
        ("x.csv?", "x.csv?: behind the question mark stands NAME=VALUE, with & between several, not ''"),
        ("x.csv?=id", "not '=id'"),
        ("x.csv?id=a&id=a", "x.csv?id=a&id=a: id is said twice behind the question mark; say it once"),
        ("a\0b?id", "not 'id'"),
    ],
)
def test_what_is_no_option_is_one_sentence(text, said):
    with pytest.raises(InputError, match=re.escape(said)):
        path_and_options(text)
    with pytest.raises(ProblemSetError, match=re.escape("--set ") + ".*behind|--set .*twice"):
        path_and_options(text, name=f"--set {text}", error=ProblemSetError)
