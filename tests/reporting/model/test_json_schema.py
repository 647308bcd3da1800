import json
from pathlib import Path

from ctlab.reporting.model import Report
from ctlab.reporting.model.json_schema import json_schema

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"


def test_the_published_schema_is_that_of_the_records():
    same = json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema()
    assert same, "write it anew: python -m ctlab.reporting.model > docs/report.schema.json"


def test_every_field_says_what_it_is():
    schema = json_schema()
    for name, definition in schema["$defs"].items():
        for field, form in definition.get("properties", {}).items():
            assert form.get("description", "").endswith((".", "…")), f"{name}.{field}"


def test_fields_have_the_names_of_the_file():
    properties = json_schema()["$defs"]["Report"]["properties"]
    assert "schema" in properties
    assert {field.validation_alias or name for name, field in Report.model_fields.items()} == set(properties)
