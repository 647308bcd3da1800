"""Print the JSON Schema: ``python -m ctlab.reporting.model > docs/report.schema.json``."""

import json

from ctlab.reporting.model.json_schema import json_schema

print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
