"""The same harvest into an object store: moto's server, on this machine."""

import pytest
from sites import held, listing, run

from dagster_project.stages.harvesting import states_of
from dagster_project.store import Store

pytest.importorskip("s3fs")


def test_a_harvest_into_an_object_store(web, northbeck, bucket):
    store = Store(bucket)
    assert run(web, store, northbeck)["northbeck"]["state"] == "ok"
    web.site("northbeck.test", {"/spend": listing(1, 2, 3, 4)})
    again = Store(bucket)
    assert run(web, again, northbeck, day="2025-05-07")["northbeck"]["had"] == 1
    assert [day for _, day in held(again, northbeck)["northbeck"]] == ["2025-04-30"] * 3 + ["2025-05-07"]
    assert states_of(again)[0]["known"] == 4
