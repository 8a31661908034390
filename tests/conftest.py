"""What tests share: one built sample for all of them."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from filelock import FileLock

HOUSE = Path(__file__).parents[1]
QUIET = {**os.environ, "DAGSTER_DISABLE_TELEMETRY": "1", "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}


def local_pound(*arguments, check=True, house=HOUSE):
    """Run the command as a person would, in this project or in a copy of it."""
    command = [sys.executable, "-m", "dagster_project.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=house, env=QUIET, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="session")
def sample_build():
    """A build of the embedded sample; made by whichever worker comes first, by the same rules as any other build."""
    out = HOUSE / "build" / "test-sample"
    out.parent.mkdir(exist_ok=True)
    with FileLock(f"{out}.lock"):
        done = local_pound("build", "--out", out)
        (out / "said.txt").write_text(done.stdout, encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def portal_dir(sample_build):
    """The sample's portal."""
    return sample_build / "portal"


@pytest.fixture
def bucket(monkeypatch):
    """An empty bucket of moto's object store on loopback, which processes that a test starts see too."""
    import fsspec
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # Servers of one process share their buckets.
    bucket = f"pound-{uuid.uuid4().hex}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "invented",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3", endpoint_url=f"http://{host}:{port}", skip_instance_cache=True).mkdir(bucket)
    # fsspec keeps the connections of the server before.
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    yield f"s3://{bucket}/build"
    server.stop()
