"""Descriptors are Data Package 2.0, and say where everything comes from."""

import json
import zipfile

import frictionless
import jsonschema
import pandas as pd
import pytest

from dagster_project.declare.schemas import load_schemas
from dagster_project.package import Written, describe_package, describe_sources
from dagster_project.stages.plan import DECLARED
from dagster_project.tidy.leaks import MASK
from tests.conftest import HOUSE

SCHEMAS = load_schemas(DECLARED / "schemas")


@pytest.fixture(scope="session")
def profile():
    """The official profile; `make tools` fetches it, as part of `make test`."""
    wheels = sorted((HOUSE / "build" / "tools" / "profile").glob("check_datapackage-*.whl"))
    if not wheels:
        pytest.skip("the Data Package profile is not here; `make tools` fetches it")
    with zipfile.ZipFile(wheels[-1]) as wheel:
        found = json.loads(wheel.read("check_datapackage/schemas/data-package-2-0.json"))
    return jsonschema.Draft7Validator(found, format_checker=jsonschema.FormatChecker())


def wrong(profile, descriptor):
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in profile.iter_errors(descriptor)
    ]


def descriptors(build):
    return {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((build / "packages").rglob("datapackage.json"))
    }


def invented(retrieved="2024-11-18"):
    """A descriptor of every table that there is, in both forms."""
    files = [{"publisher": "northbeck", "name": "a.csv", "sha256": "ab" * 32, "retrieved": retrieved,
              "source_url": "https://northbeck.invalid/a.csv" if retrieved else ""}]  # fmt: skip
    written = [
        Written(name, f"{name}.{form}", form, 10, "cd" * 32, 1) for name in SCHEMAS for form in ("csv", "parquet")
    ]
    return describe_package(
        "northbeck", "Northbeck", "x", written, SCHEMAS, describe_sources(files), retrieved, "0.2.0"
    )


def test_every_package_keeps_to_the_official_profile(sample_build, profile):
    found = descriptors(sample_build)
    assert len(found) == 19
    assert {name: wrong(profile, descriptor) for name, descriptor in found.items()} == {key: [] for key in found}


@pytest.mark.parametrize("retrieved", ["2024-11-18", ""], ids=["retrieval known", "retrieval not known"])
def test_every_table_keeps_to_the_official_profile(profile, retrieved):
    assert wrong(profile, invented(retrieved)) == []


def test_the_profile_is_not_pleased_with_everything(profile):
    descriptor = invented()
    descriptor["resources"][0]["schema"]["fields"][0]["type"] = "text"
    assert wrong(profile, descriptor)
    assert wrong(profile, {"name": "no resources"})


def test_created_is_the_newest_retrieval_and_left_out_where_none_is_known():
    assert invented()["created"] == "2024-11-18T00:00:00Z"
    assert "created" not in invented("")


def test_sources_have_hash_and_retrieval_where_known():
    assert invented()["sources"] == [
        {"title": "northbeck: a.csv", "path": "https://northbeck.invalid/a.csv", "hash": f"sha256:{'ab' * 32}",
         "retrieved": "2024-11-18"}
    ]  # fmt: skip
    assert invented("")["sources"] == [{"title": "northbeck: a.csv", "hash": f"sha256:{'ab' * 32}"}]


def test_every_descriptor_says_all_that_it_must(sample_build):
    for name, descriptor in descriptors(sample_build).items():
        assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        assert {"name", "title", "description", "version", "licenses", "contributors", "keywords", "sources"} <= set(
            descriptor
        )
        of = "all" if name == "suppliers" else name
        files = pd.read_csv(sample_build / "packages" / of / "files.csv", dtype="str", keep_default_na=False)
        assert sorted(s["hash"] for s in descriptor["sources"]) == sorted("sha256:" + files["sha256"])
        for resource in descriptor["resources"]:
            assert resource["type"] == "table"
            assert resource["schema"]["primaryKey"]
            assert all("label" in missing for missing in resource["schema"]["missingValues"])
            for field in resource["schema"]["fields"]:
                assert field["title"]
                assert field["description"]
        if name == "suppliers":
            continue
        payments = next(r for r in descriptor["resources"] if r["name"] == "payments")
        named = {field.get("lgaName") for field in payments["schema"]["fields"]}
        assert {"BeneficiaryName", "PaymentDate", "Amount", "OrganisationLabel", "TransactionNumber"} <= named


def test_reasons_of_missing_values_are_labelled_and_frictionless_knows_them():
    resource = next(r for r in invented()["resources"] if r["name"] == "payments")
    assert resource["schema"]["missingValues"] == [
        {"value": "", "label": "not published"},
        {"value": "[name redacted]", "label": "redacted"},
        {"value": MASK, "label": "withheld"},
    ]
    schema = frictionless.Schema.from_descriptor(resource["schema"])
    assert schema.missing_values == ["", "[name redacted]", MASK]
    assert schema.to_descriptor()["missingValues"] == resource["schema"]["missingValues"]
    supplier = next(field for field in resource["schema"]["fields"] if field["name"] == "supplier_id")
    assert supplier["missingValues"][0] == {"value": "", "label": "not known"}
