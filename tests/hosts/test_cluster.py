"""gelu-fast apply on many files: a scheduler of Dask and three workers, of which some die."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from support import ROOT

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._files.cluster import parts as cluster_parts
from gelu_fast._files.cluster import records, task

distributed = pytest.importorskip("distributed", reason="distributed is not installed")
Client = distributed.Client

GATE = ROOT / "tests" / "support" / "cluster_gate.py"
PARTS = 12
PATIENCE = 60  # seconds, after which a test that waits for an event fails


def x(part):
    return np.random.default_rng(part).normal(0, 3, 200_000).astype("f4")  # several chunks


def expected():
    """{name: bytes of the result}, as one process without Dask makes them."""
    made = {}
    for part in range(PARTS):
        main(["apply", f"in/{part:02}.npy", "one.npy", "--function", "gelu"])
        made[f"{part:02}.npy"] = Path("one.npy").read_bytes()
        os.unlink("one.npy")
    np.testing.assert_array_equal(
        np.frombuffer(made["00.npy"][-800_000:], "f4"), gelu_fast.gelu(x(0))
    )
    return made


def results():
    """{name: bytes} of all files in the folder of results that look whole."""
    return {
        path.name: path.read_bytes() for path in Path("out").glob("*") if path.name[0] != "."
    }


def unfinished():
    return [path for path in Path("out").rglob("*") if path.name.endswith((".part", ".parts"))]


def recorded():
    return {path.name.removesuffix(".record") for path in Path("out/.gelu-fast").glob("*.record")}


def wait_until(condition, *processes):
    """Waits for an event that shows in the file system."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        for process in processes:
            assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes a current folder with the parts."""
    monkeypatch.chdir(tmp_path)
    os.mkdir("in")
    for part in range(PARTS):
        np.save(f"in/{part:02}.npy", x(part))
    os.mkdir("gates")
    return tmp_path


# ---- Processes


class Cluster:
    """A scheduler and its workers, each a process of the command `dask`."""

    def __init__(self, folder):
        self.folder, self.gates, self.processes = folder, folder / "gates", {}
        self.gates.mkdir()

    def revive(self):
        """Starts the processes that do not run."""
        for gate in self.gates.iterdir():
            gate.unlink()
        if not self.runs("scheduler"):
            self.close()
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            self.address = f"tcp://127.0.0.1:{port}"
            self.start("scheduler", "scheduler", "--port", port)
        for name in ("a", "b", "c"):
            if not self.runs(name):
                options = ["--name", name, "--nthreads", 1, "--no-nanny", "--preload", GATE]
                self.start(name, "worker", self.address, *options)
        with Client(self.address, set_as_default=False, timeout=PATIENCE) as client:
            client.wait_for_workers(3, timeout=PATIENCE)

    def runs(self, name):
        return name in self.processes and self.processes[name].poll() is None

    def start(self, name, *words):
        words = [*words, "--host", "127.0.0.1", "--no-dashboard"]
        environment = {
            **os.environ,
            "GATES": str(self.gates),
            "GATE_NAME": name,
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "1s",  # Dask makes it 5 s
            "DASK_TEMPORARY_DIRECTORY": str(self.folder / "scratch"),
        }
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "dask", *(str(word) for word in words)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def hold(self, name, place):
        (self.gates / f"{name}.{place}").touch()

    def release(self, name, place):
        (self.gates / f"{name}.{place}").unlink()

    def has(self, name, place, event):
        return lambda: (self.gates / f"{name}.{place}.{event}").exists()

    def close(self):
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()


@pytest.fixture(scope="module")
def one_cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def cluster(folder, one_cluster):
    one_cluster.revive()
    return one_cluster


def command(*options):
    return [sys.executable, "-m", "gelu_fast", "apply", "in/*.npy", "out/", "--function", "gelu"] + [
        str(word) for word in options
    ]


@pytest.fixture
def start(folder):
    """Starts the command, and ends it with the test."""
    started = []

    def start(*options, **environment):
        job = subprocess.Popen(
            command(*options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        started.append(job)
        return job

    yield start
    for job in started:
        try:
            os.killpg(job.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        job.communicate()


def finished(job):
    out, err = job.communicate(timeout=PATIENCE)
    return job.returncode, out, err


# ---- What may die


@pytest.mark.slow
def test_workers_that_die(cluster, start):
    """One worker is killed in the middle of a part. Another one is cut off when a part is whole, and
    renames its file long after the scheduler has given it up, and the job is over."""
    wanted = expected()
    cluster.hold("a", "reading")
    cluster.hold("b", "renaming")
    job = start("--scheduler", cluster.address)
    wait_until(cluster.has("a", "reading", "reached"), job)
    wait_until(cluster.has("b", "renaming", "reached"), job)
    assert len(unfinished()) >= 2
    cluster.processes["a"].kill()
    cluster.processes["b"].send_signal(signal.SIGSTOP)
    assert finished(job) == (0, f"{PARTS} parts: {PARTS} computed, 0 kept, 0 failed\n", "")
    assert results() == wanted
    assert recorded() == wanted.keys()

    before = {path.name: path.stat().st_ino for path in Path("out").glob("*.npy")}
    cluster.release("b", "renaming")
    cluster.processes["b"].send_signal(signal.SIGCONT)
    wait_until(cluster.has("b", "renaming", "passed"))
    cluster.processes["b"].wait(PATIENCE)
    after = {path.name: path.stat().st_ino for path in Path("out").glob("*.npy")}
    assert len(before.items() - after.items()) == 1
    assert results() == wanted

    # Its file is another one than that of the record, unless it had the time for a record.
    status, out, err = finished(start("--scheduler", cluster.address))
    assert (status, err) == (0, "")
    assert out in (
        f"{PARTS} parts: 0 computed, {PARTS} kept, 0 failed\n",
        f"{PARTS} parts: 1 computed, {PARTS - 1} kept, 0 failed\n",
    )
    assert results() == wanted


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["client", "scheduler"])
def test_no_half_written_part(cluster, start, victim):
    """When the client or the scheduler is killed while two workers are in the middle of a part, all
    that looks whole is whole, and the next run makes the missing two."""
    wanted = expected()
    cluster.hold("a", "reading")
    cluster.hold("b", "reading")
    job = start("--scheduler", cluster.address)
    wait_until(lambda: len(recorded()) == PARTS - 2, job)
    (job if victim == "client" else cluster.processes["scheduler"]).kill()
    if victim == "scheduler":
        status, out, err = finished(job)
        assert (status, out) == (2, "")
        assert err.startswith(f"gelu-fast: {cluster.address}: the connection to the scheduler is")
        assert err.count("\n") == 1
    found = results()
    assert len(found) == PARTS - 2
    assert found.items() <= wanted.items()
    assert len(unfinished()) == 2

    # Nobody waits for the two parts any more, so the workers drop them.
    wait_until(lambda: job.poll() is not None)
    if victim == "client":
        wait_for_no_task(cluster)
    else:
        cluster.processes["c"].wait(PATIENCE)
    cluster.release("a", "reading")
    cluster.release("b", "reading")
    wait_until(lambda: not unfinished())
    assert results() == found

    before = {path.name: path.stat().st_ino for path in Path("out").glob("*.npy")}
    where = ["--scheduler", cluster.address] if victim == "client" else ["--workers", 1]
    again = finished(start(*where))
    assert again == (0, f"{PARTS} parts: 2 computed, {PARTS - 2} kept, 0 failed\n", "")
    after = {path.name: path.stat().st_ino for path in Path("out").glob("*.npy")}
    assert before.items() <= after.items()
    assert results() == wanted


def wait_for_no_task(cluster):
    """Waits until the scheduler has noticed that the client is gone, and the workers know."""
    def running(dask_worker):
        return [t for t in dask_worker.state.tasks.values() if t.state == "executing"]

    with Client(cluster.address, set_as_default=False) as client:
        wait_until(lambda: not any(client.run(running).values()))


@pytest.mark.slow
def test_interrupt(folder, start):
    """Ctrl-C reaches all processes of a terminal. The local cluster stops and leaves nothing."""
    Path("gates/local.reading").touch()
    preload = {"DASK_DISTRIBUTED__WORKER__PRELOAD": str(GATE), "GATES": str(folder / "gates")}
    job = start("--workers", 2, **preload)
    wait_until(Path("gates/local.reading.reached").exists, job)
    os.killpg(job.pid, signal.SIGINT)
    os.unlink("gates/local.reading")
    assert finished(job) == (130, "", "gelu-fast: stopped by SIGINT\n")
    assert unfinished() == []
    wanted = expected()
    assert results().items() <= wanted.items()
    wait_until(lambda: not group_exists(job.pid))


def group_exists(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
