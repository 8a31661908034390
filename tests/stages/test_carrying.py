"""The portal carries as many whole forms of packages as there is room for."""

import pytest

from dagster_project.stages.carrying import carried_forms

FILES = [{"path": f"payments.{form}", "bytes": size} for form, size in (("csv", 900), ("parquet", 90), ("json", 5))]
BODY = {"package": {"files": FILES, "zip": {"path": "northbeck.zip", "bytes": 50}}, "years": {}, "zip_only": ()}
LARGE = {
    "package": {"files": FILES, "zip": {"path": "all.zip", "bytes": 5_000}},
    "years": {"2023-24": BODY},
    "zip_only": (),
}


@pytest.mark.parametrize(
    ("room", "kept"),
    [
        (2_080, {"zip", "parquet", "csv", "json"}),
        (2_079, {"zip", "parquet", "json"}),
        (279, {"zip", "json"}),
        (180, {"zip", "json"}),
        (99, {"json"}),
    ],
)
def test_forms_that_do_not_fit_stay_with_the_release(room, kept):
    two = {"northbeck": BODY, "eastmoor": {**BODY, "years": {}}}
    assert carried_forms(two, 1_000, room) == kept


def test_a_form_that_fits_is_not_kept_out_by_one_that_does_not():
    zipped = {"package": {"files": FILES, "zip": {"path": "northbeck.zip", "bytes": 950}}, "years": {}}
    assert carried_forms({"northbeck": zipped | {"zip_only": ()}}, 1_000, 100) == {"parquet", "json"}
    packed = zipped | {"zip_only": ("payments.csv",)}
    assert carried_forms({"northbeck": packed}, 1_000, 100) == {"parquet", "csv", "json"}


def test_years_count_and_what_is_too_large_by_itself_does_not():
    assert carried_forms({"all": LARGE}, 1_000, 50 + 2 * 90 + 2 * 900) == {"zip", "parquet", "csv", "json"}
    assert carried_forms({"all": LARGE}, 1_000, 50 + 2 * 90 + 2 * 900 - 1) == {"zip", "parquet", "json"}


def test_without_packages_nothing_is_in_the_way():
    assert carried_forms({}, 1_000) == {"zip", "parquet", "csv"}
