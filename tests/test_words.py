"""Words of a page: what is in sight when it opens, and what there is in all."""

import pytest

from benchmarks.words import main, page_words


@pytest.mark.parametrize(
    ("page", "at_first", "opened"),
    [
        ("<p>one two</p>", 2, 2),
        ("<table><tr><td>one</td><td>two</td></tr></table><p>– | ×</p>", 2, 2),
        ("<p>C<sub>0</sub> <code>a</code>b</p>", 2, 2),
        ("<details><summary>more</summary><p>one <b>two</b></p></details>three", 2, 4),
        ("<details open><summary>more</summary>one</details>", 2, 2),
        ("<details><summary>a</summary><details open><summary>b</summary>c</details></details>", 1, 3),
        ("<head><title>x</title></head><style>y</style><script>z</script><p hidden>h</p><i class='vh'>v</i>", 0, 0),
        ("<p>one<br>two<img alt='three'></p>", 2, 2),
    ],
)
def test_what_is_counted(page, at_first, opened):
    assert page_words(page) == (at_first, opened)


def test_a_table_by_file(tmp_path, capsys):
    (tmp_path / "index.html").write_text("<p>one</p><details><summary>two</summary>three</details>")
    (tmp_path / "comprehensive_report.md").write_text("| one | two |\n| --- | --- |\n")
    assert main([str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "| index.html | 2 | 3 |" in lines
    assert "| comprehensive_report.md | 2 | 2 |" in lines
