import pytest

from ctlab.reporting.documents.document import (
    Bullets,
    Folded,
    Heading,
    Image,
    Links,
    Paragraph,
    Quotation,
    Table,
    escaped,
    markdown,
)


def test_every_block():
    text = markdown(
        [
            Heading(text="Cases", level=2, anchor="cases"),
            Paragraph(text="All of ct0_blocked."),
            Paragraph(text="A rule.", note=True),
            Bullets(items=("one", "two\nlines")),
            Quotation(label="Question", text="How many?\n7"),
            Quotation(label="baseline", text=""),
            Table(heads=("a", "b"), rows=(("1|2", "x\ny"),)),
            Image(file="case_studies/case-01.png", words="What it shows"),
            Bullets(items=("it holds",), links=(("a]claim", "index.html#a)claim"),)),
            Links(before="Read on:", items=(("the page", "index.html"),)),
            Folded(summary="More <b>", blocks=(Paragraph(text="Inside."),)),
        ]
    )
    assert text == (
        '<a id="cases"></a>\n\n## Cases\n\n'
        "All of ct0_blocked.\n\n"
        "*A rule.*\n\n"
        "- one\n- two lines\n\n"
        "**Question**\n\n> How many?  \n> 7\n\n"
        "**baseline**\n\n> (nothing)\n\n"
        "| a | b |\n| --- | --- |\n| 1\\|2 | x y |\n\n"
        "![What it shows](case_studies/case-01.png)\n\n"
        "- [a\\]claim](index.html#a%29claim): it holds\n\n"
        "Read on: [the page](index.html).\n\n"
        "<details><summary>More &lt;b&gt;</summary>\n\nInside.\n\n</details>\n"
    )


@pytest.mark.parametrize(
    ("said", "safe"),
    [
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("<<3+4=7>>", "\\<\\<3+4=7>>"),
        ("p < .05 and a <b", "p < .05 and a \\<b"),
        ("# title\n- item\n1. one\n> quote", "\\# title\n\\- item\n1\\. one\n\\> quote"),
        (
            "[x](javascript:1) `code` **bold** _it_ a_b",
            "\\[x\\](javascript:1) \\`code\\` \\*\\*bold\\*\\* \\_it\\_ a_b",
        ),
        ("&lt; $x$ ~~no~~", "\\&lt; \\$x\\$ \\~\\~no\\~\\~"),
        ("-48 degrees", "\\-48 degrees"),
        ("7.5 pears", "7\\.5 pears"),
    ],
)
def test_nobodys_words_become_markup(said, safe):
    assert escaped(said) == safe
