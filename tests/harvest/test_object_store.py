"""The same harvest into an object store: moto's server, on this machine."""

import pytest
from sites import held, listing, run

from dagster_project.stages.harvesting import states_of
from dagster_project.store import Store

pytest.importorskip("s3fs")


@pytest.fixture
def bucket(monkeypatch):
    import fsspec
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "invented",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3", endpoint_url=f"http://{host}:{port}", skip_instance_cache=True).mkdir("pound")
    yield "s3://pound/build"
    server.stop()


def test_a_harvest_into_an_object_store(web, northbeck, bucket):
    store = Store(bucket)
    assert run(web, store, northbeck)["northbeck"]["state"] == "ok"
    web.site("northbeck.test", {"/spend": listing(1, 2, 3, 4)})
    again = Store(bucket)
    assert run(web, again, northbeck, day="2025-05-07")["northbeck"]["had"] == 1
    assert [day for _, day in held(again, northbeck)["northbeck"]] == ["2025-04-30"] * 3 + ["2025-05-07"]
    assert states_of(again)[0]["known"] == 4
