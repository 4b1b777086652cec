"""A workbook's definition: load it, check it, judge answers by it. Pure: no store, no server.

See ``docs/workbooks.md`` for the language.
"""

from ustaz.workbook.audiences import project, withheld_from
from ustaz.workbook.datamap import data_map, keep_until, with_data_map
from ustaz.workbook.evaluate import Evaluator, evaluate
from ustaz.workbook.evaluation import Context, Evaluation, Finding, SectionEvaluation
from ustaz.workbook.finding_text import finding_text
from ustaz.workbook.graphemes import graphemes, trim
from ustaz.workbook.kinds import Attachment, attaches, attachments
from ustaz.workbook.late import PlannedRow, has_plan, late_rows, planned_rows
from ustaz.workbook.library import Library
from ustaz.workbook.model import Definition, Field, Rule, Section, version_key
from ustaz.workbook.problems import (
    DefinitionErrors,
    DefinitionProblem,
    ValueProblem,
    VersionProblem,
)
from ustaz.workbook.reader import load
from ustaz.workbook.schema import json_schema, schema_files, write_schemas
from ustaz.workbook.serialize import (
    definition_json,
    localized,
    messages,
    page_json,
    reference_json,
)
from ustaz.workbook.tidy import (
    OptionLabels,
    PlainTable,
    data_dictionary,
    dictionary_lines,
    frame_of,
    option_labels,
    plain_tables,
    tidy,
)
from ustaz.workbook.upgrade import apply_upgrades, upgrade_path
from ustaz.workbook.values import check_value

__all__ = [
    "Attachment",
    "Context",
    "Definition",
    "DefinitionErrors",
    "DefinitionProblem",
    "Evaluation",
    "Evaluator",
    "Field",
    "Finding",
    "Library",
    "OptionLabels",
    "PlainTable",
    "PlannedRow",
    "Rule",
    "Section",
    "SectionEvaluation",
    "ValueProblem",
    "VersionProblem",
    "apply_upgrades",
    "attaches",
    "attachments",
    "check_value",
    "data_dictionary",
    "data_map",
    "definition_json",
    "dictionary_lines",
    "evaluate",
    "finding_text",
    "frame_of",
    "graphemes",
    "has_plan",
    "json_schema",
    "keep_until",
    "late_rows",
    "load",
    "localized",
    "messages",
    "option_labels",
    "page_json",
    "plain_tables",
    "planned_rows",
    "project",
    "reference_json",
    "schema_files",
    "tidy",
    "trim",
    "upgrade_path",
    "version_key",
    "with_data_map",
    "withheld_from",
    "write_schemas",
]
