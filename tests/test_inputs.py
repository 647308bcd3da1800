import os
import re
import time
from pathlib import Path

import pytest

from ctlab import inputs
from ctlab.errors import CtlabError, InputError
from ctlab.inputs import MOST_DEPTH, MOST_DIGITS, parse_json, read_json, read_json_lines, read_text, read_toml, shown

SOURCES = Path(inputs.__file__).parent


def file(tmp_path, content, name="f.json"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(read, *args, **kwargs):
    with pytest.raises(InputError) as caught:
        read(*args, error=InputError, **kwargs)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (
            '{"a": 1,\n"b": ' + "9" * 5_000 + "}",
            "line 2: a whole number of 5,000 digits (999999999999…), and at most 300",
        ),
        ('{"a": -' + "9" * 301 + "}", "a whole number of 301 digits"),
        ("[" * 100_000, "more than 100 deep"),
        ('{"a":' * 100_000, "more than 100 deep"),
        ("[" * 102 + "]" * 102, "more than 100 deep"),
        ('{"a": 1,\n "a": 2}', "'a' stands twice in one object"),
        ('{"a": [{"b": 1, "b": 1}]}', "'b' stands twice in one object"),
        ('{"a":\nNaN}', "line 2: NaN is no number of JSON; write null"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ('{"a": 1e400}', "the number '1e400' is beyond what a float holds"),
        ('{"a": 1}\n{', "line 2: it is not JSON (Extra data)"),
        ("", "line 1: it is not JSON"),
        (b'{"a":\n"\xff"}', "line 2: the byte 0xff is no UTF-8; save it as UTF-8"),
        (b'\xef\xbb\xbf{"a":\n"\xff"}', "line 2: the byte 0xff"),
        ('{"a": 1}'.encode("utf-16"), "it is UTF-16 text, and text is read as UTF-8; save it as UTF-8"),
        ('{"a": 1}'.encode("utf-32"), "it is UTF-32 text"),
        (b"\xfe\xff\x00{", "it is UTF-16 text"),
        ('{"a": 1}'.encode("utf-16-le")[1:], "it is not JSON"),
    ],
)
def test_json_that_cannot_be_read_is_one_sentence(tmp_path, content, rule):
    message = refusal(read_json, file(tmp_path, content))
    assert rule in message
    assert message.startswith(str(tmp_path / "f.json"))
    assert message.endswith(("; mend the file, or make it again", "; save it as UTF-8"))


def test_json_is_read_with_a_byte_order_mark_and_without(tmp_path):
    for content in (b'{"a": [1, 1.5, "\xc3\xa4"]}', b'\xef\xbb\xbf{"a": [1, 1.5, "\xc3\xa4"]}'):
        assert read_json(file(tmp_path, content), error=InputError) == {"a": [1, 1.5, "ä"]}
    deep = "[" * MOST_DEPTH + "]" * MOST_DEPTH
    assert str(parse_json(deep, "x", error=InputError)) == deep
    assert parse_json("9" * MOST_DIGITS, "x", error=InputError) == int("9" * MOST_DIGITS)


def test_numbers_of_rows_stay_as_they_are_written(tmp_path):
    path = file(tmp_path, b'\xef\xbb\xbf{"gold": 18.50, "logprob": -Infinity}\n\n{"gold": 1e400, "n": 3}\r\n')
    (one, first), (three, second) = read_json_lines(path, error=InputError)
    assert (one, three) == (1, 3)
    assert first == {"gold": "18.50", "logprob": float("-inf")}
    assert second == {"gold": "1e400", "n": 3}


def test_a_line_of_rows_is_named(tmp_path):
    path = file(tmp_path, '{"a": 1}\n\n{"a": 1, "a": 2}\n', "rows.jsonl")
    message = refusal(lambda path, error: list(read_json_lines(path, error=error)), path)
    assert message.startswith("rows.jsonl, line 3: 'a' stands twice")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"a = 1\n# \xff\n", "line 2: the byte 0xff is no UTF-8"),
        ("a = " + "9" * 5_000, "a whole number of 5,000 digits"),
        ("a = " + "9" * 400, "a whole number of 1,329 bits"),
        ("a = " + "1_" * 3_000 + "1", "a whole number of 9,966 bits"),
        ("a = " + "[" * 100_000, "more than 100 deep"),
        ("a" + ".a" * 200 + " = 1", "more than 100 deep"),
        ("a = [", "it is not TOML"),
        ("a = 2026-13-45", "it is not TOML"),
        ("a = 1\na = 2", "it is not TOML"),
    ],
)
def test_toml_that_cannot_be_read_is_one_sentence(tmp_path, content, rule):
    message = refusal(read_toml, file(tmp_path, content), advice="restore it")
    assert rule in message
    assert message.endswith(("; restore it", "; save it as UTF-8"))


def test_toml_is_read(tmp_path):
    assert read_toml(file(tmp_path, b'\xef\xbb\xbfa = "' + b"9" * 5_000 + b'"'), error=InputError) == {"a": "9" * 5_000}


def test_a_file_that_is_not_there(tmp_path):
    assert "it cannot be read (No such file or directory)" in refusal(read_text, tmp_path / "none")
    assert read_text(tmp_path / "none", error=InputError, absent="x") == "x"
    assert read_toml(tmp_path / "none", error=InputError, absent="") == {}
    assert read_json(tmp_path / "none", error=InputError, absent="{}") == {}
    assert "it cannot be read (Not a directory)" in refusal(read_text, file(tmp_path, "") / "below", absent="x")


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        assert "and a file is needed here" in refusal(read_text, place)


def test_a_file_that_would_fill_the_memory_is_refused(tmp_path):
    path = file(tmp_path, "")
    os.truncate(path, inputs.MOST_BYTES + 1)  # without a block on the disk
    assert "and a file of at most 1,073,741,824 is read" in refusal(read_text, path)


def test_values_are_shown_short_whatever_they_are():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    for value in (
        deep,
        {"a": deep},
        "x" * 10**6,
        10**10_000,
        [10**10_000],
        list(range(10**5)),
        {1: deep},
    ):
        start = time.process_time()
        assert len(shown(value)) < 100
        assert time.process_time() - start < 0.1
    assert [shown(value) for value in (3, "a", [1, "b"], {"a": 1}, None)] == [
        "3",
        "'a'",
        "[1, 'b']",
        "{'a': 1}",
        "None",
    ]
    assert shown({"a": [1]}) == "an object with 'a'"
    assert shown({"a": [1], "b": 2}) == "an object with 'a' and 1 more"


def test_reading_stays_linear_in_what_is_read(tmp_path):
    for content in ("[" * 10**6, '{"a":' + "9" * 10**6, '"' + "\\\\" * 10**6, "[" + "{}," * 10**6, "\n" * 10**6):
        start = time.process_time()
        refusal(read_json, file(tmp_path, content))
        assert time.process_time() - start < 3.0


READERS = {
    "inputs.py": "is the reader",
    "commands/pytest_ini.py": "pytest's own ini file, whose form is pytest's",
    "digest_cache.py": "a memory of digests, which are taken again where it cannot be read",
    "models/devices.py": "the system's own description of its processor, of which flags alone are looked for",
    "models/checkpoints/family_names.py": "the header of a file of weights, which says nothing where it is damaged",
    "models/checkpoints/file_digests.py": "a memory with a checksum, that is made again where it cannot be read",
    "models/checkpoints/weight_count.py": "the header of a file of weights, which says nothing where it is damaged",
    "models/checkpoints/safetensors_files.py": "the header of a file that safetensors has read already",
    "outcomes/labels.py": "what it packed itself in memory",
    "problems/tiny/embedded_set.py": "ships with ctlab",
    "problems/tiny_graphs/graph_sets.py": "ships with ctlab",
    "reporting/made_of.py": "a note with a checksum; what has none that can be read is made anew",
    "reproduction/known_accuracy.py": "a model's card, in which one line is looked for",
    "lab/executors/slurm_array.py": "a record of what was asked for, which is asked for again where it is damaged",
    "records/scores.py": "inside a body whose checksum was read",
    "records/measurement.py": "inside a body whose checksum was read",
    "store/archive.py": "an export, which is checked as a whole before anything is taken from it",
    "store/derived_records.py": "a body whose checksum was read",
    "store/envelope.py": "a head whose checksum was read",
    "store/export_check.py": "an export, as above",
    "store/importing.py": "an export that was checked",
    "store/known_subjects.py": "a damaged line is said and passed over",
    "store/looks.py": "a damaged line is said and passed over",
    "store/manifest.py": "a damaged entry is set aside",
    "store/uses.py": "a body whose checksum was read",
    "store/verifying.py": "what is damaged is what it looks for",
}
"""Who else in ``ctlab/`` reads text, JSON or TOML by itself, and why."""


def test_nothing_else_reads_what_anybody_may_have_written():
    reads = re.compile(r"json\.loads?\(|(?<!inputs)\.read_text\(|tomllib\.|\btomllib\b")
    found = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    }
    assert found == {name for name, why in READERS.items() if why}


def test_a_refusal_is_of_the_room_that_asks():
    with pytest.raises(CtlabError) as caught:
        parse_json("{", "x", error=CtlabError)
    assert type(caught.value) is CtlabError
