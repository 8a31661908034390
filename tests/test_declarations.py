"""Everything declared loads; everything that is wrong is named with file, line, and what to do."""

import re

import pytest

from dagster_project.declare.errors import DeclarationError
from dagster_project.declare.measures import load_measures
from dagster_project.declare.registers import load_registers
from dagster_project.declare.schemas import load_schemas
from dagster_project.model.lines import TEXT_FIELDS
from dagster_project.stages.plan import DECLARED, Plan

MEASURE = (DECLARED / "measures" / "spend.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("schema", load_schemas(DECLARED / "schemas").values(), ids=lambda schema: schema.name)
def test_each_column_can_be_explained(schema):
    for field in schema.fields:
        assert field.description.endswith("."), f"{field.name}: a description is a sentence"
        if field.required:
            assert field.example, f"{field.name}: required without an example"


def test_every_measure_names_a_denominator_and_its_checker():
    plan = Plan()
    for measure in plan.measures:
        assert measure.base in plan.denominators
        assert measure.author != measure.checker


def test_a_measure_that_keeps_its_assumptions_to_itself_is_refused(tmp_path):
    text = re.sub(r"assumes: >-\n(  .*\n)+", "", MEASURE)
    assert text != MEASURE
    assert "a reader is told nothing of: assumes" in refused(tmp_path, text)


def test_registers_say_what_they_were_tried_on():
    for register in load_registers(DECLARED / "registers"):
        assert register.tried_on.endswith("."), register.slug


def test_payments_publish_only_fields_that_the_reader_knows():
    ours = {"payee", "reference", "department", "purpose", "category", "body", "payee_postcode", "company_number",
            "charity_number", "vat_number", "contract_reference"}  # fmt: skip
    assert ours <= {field.name for field in Plan().schemas["payments"].fields}
    assert ours <= set(TEXT_FIELDS)


def refused(tmp_path, text, name="spend"):
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_measures(tmp_path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("question:", "qestion:"), "line 3: `qestion` is not a key here. Did you mean `question`?"),
        (("name:", "id: spend\nname:"), "'id' is given twice, first on line 1"),
        (("form: total", "form: totals"), "line 5: `form`: Input should be 'share', 'total', 'concentration', 'weighted' or 'missing'"),
        (("id: spend", "id: spent"), "the file is named 'spend'"),
        (("checker: Nobody yet; an open call", "checker: The Local Pound"), "another person checks"),
        (("    status: no-base", "    status: ok"), "an example is missing for: no-base"),
        (("assumes:", "caveats:"), "'caveats' is given twice"),
        (("source:", "why_not:"), "`why_not` is not a key here"),
        (("form: total", "form: [total"), "line"),
    ],
)  # fmt: skip
def test_a_wrong_measure_is_refused_with_its_place(tmp_path, change, says):
    text = MEASURE.replace(*change, 1)
    assert text != MEASURE
    message = refused(tmp_path, text)
    assert says in message
    assert "spend.yaml" in message


def test_numbers_stay_as_they_are_written(tmp_path):
    """A company number is not octal, NO is not false, a date is not an object."""
    from dagster_project.declare.strict import read_yaml

    (tmp_path / "x.yaml").write_text("number: 00445670\nanswer: NO\nday: 2024-05-01\n", encoding="utf-8")
    assert read_yaml(tmp_path / "x.yaml") == {"number": "00445670", "answer": "NO", "day": "2024-05-01"}
