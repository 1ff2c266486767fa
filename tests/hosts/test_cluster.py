"""gelu-fast apply on many files: a scheduler of Dask and three workers, of which some die."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import numpy as np
import pytest
from support import ROOT
from support.hosts import run_python

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._files import leftovers, new_file
from gelu_fast._files.cluster import records, task
from gelu_fast._files.cluster import run as cluster_run

distributed = pytest.importorskip("distributed", reason="distributed is not installed")
dask = pytest.importorskip("dask", reason="distributed is not installed")
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
    return {path.name: path.read_bytes() for path in Path("out").glob("*") if path.name[0] != "."}


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
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", *(str(word) for word in words)],
                env=environment,
                stdout=log,
                stderr=log,
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
    return [
        sys.executable,
        "-m",
        "gelu_fast",
        "apply",
        "in/*.npy",
        "out/",
        "--function",
        "gelu",
    ] + [str(word) for word in options]


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
    """One worker is killed in the middle of a part. Another one is cut off when a part is whole,
    and renames its file long after the scheduler has given it up, and the job is over."""
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
    job = start("--workers", 1, **preload)
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


# ---- What is in the folder


def apply(*options, source="in/*", target="out/", function="relu"):
    return main(["apply", source, target, "--function", function, *options])


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file() and ".gelu-fast" not in path.parts
    }


@pytest.fixture
def few(tmp_path, monkeypatch):
    """Makes a current folder with three small parts."""
    monkeypatch.chdir(tmp_path)
    os.mkdir("in")
    for part in "abc":
        np.save(f"in/{part}.npy", x(part="abc".index(part))[:1000])
    return tmp_path


@pytest.fixture
def local(monkeypatch):
    """Runs the tasks in this process, by Dask too: a cluster of processes takes seconds. Yields a
    context manager that runs them in processes."""
    in_processes = cluster_run.local_cluster

    @asynccontextmanager
    async def local_cluster(workers):
        async with distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            dashboard_address=None,
            asynchronous=True,
        ) as cluster:
            yield cluster

    @contextmanager
    def processes():
        with monkeypatch.context() as patch:
            patch.setattr(cluster_run, "local_cluster", in_processes)
            yield

    monkeypatch.setattr(cluster_run, "local_cluster", local_cluster)
    return processes


@pytest.mark.slow
def test_every_format(tmp_path, monkeypatch, capfd, local):
    """In worker processes, files of all formats become what they become without Dask."""
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    feather = pytest.importorskip("pyarrow.feather", reason="pyarrow is not installed")
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    safetensors = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    zarr = pytest.importorskip("zarr", reason="zarr is not installed")
    monkeypatch.chdir(tmp_path)
    os.mkdir("in")
    os.mkdir("one")
    table = pa.table({"x": pa.array([-1.0, None, 2.0], pa.float32()), "y": [1.0, -2.0, 3.0]})
    parquet.write_table(table, "in/table.parquet")
    feather.write_feather(table, "in/table.arrow")
    np.save("in/x.npy", x(0))
    np.savez("in/arrays.npz", x=x(1), y=x(2))
    safetensors.save_file({"x": x(3)}, "in/tensors.safetensors")
    zarr.save_array("in/store.zarr", x(4))
    names = os.listdir("in")
    for name in names:
        assert main(["apply", f"in/{name}", f"one/{name}", "--function", "relu"]) == 0
    with local():
        assert apply("--workers", "2") == 0
    assert capfd.readouterr() == ("6 parts: 6 computed, 0 kept, 0 failed\n", "")
    assert {name.split("/")[0] for name in contents("one")} == set(names)
    assert contents("out") == contents("one")
    changed = sorted(Path("in/store.zarr").rglob("*"))[-1]
    os.utime(changed, ns=(1, 1))
    assert apply() == 0
    assert capfd.readouterr() == ("6 parts: 1 computed, 5 kept, 0 failed\n", "")
    assert contents("out") == contents("one")


def test_rerun(few, local, capfd):
    """A part is made again if its input or its result has changed, and only then."""

    def run(*options):
        assert apply(*options) == 0
        out, err = capfd.readouterr()
        assert err == ""
        return out

    assert run() == "3 parts: 3 computed, 0 kept, 0 failed\n"
    wanted = contents("out")
    assert run() == "3 parts: 0 computed, 3 kept, 0 failed\n"
    Path("out/a.npy").write_text("damaged")
    assert run() == "3 parts: 1 computed, 2 kept, 0 failed\n"
    os.unlink("out/b.npy")
    Path("out/.gelu-fast/c.npy.record").write_text("{")
    assert run() == "3 parts: 2 computed, 1 kept, 0 failed\n"
    assert contents("out") == wanted
    os.replace("in/a.npy", "in/b.npy")
    assert run() == "2 parts: 1 computed, 1 kept, 0 failed\n"
    assert contents("out") == {**wanted, "b.npy": wanted["a.npy"]}
    assert run("--force") == "2 parts: 2 computed, 0 kept, 0 failed\n"


def test_leftovers(few, local, monkeypatch):
    """A worker removes what killed runs have left, and lists the folders once in an hour."""
    assert apply() == 0
    left = [Path("out", name, f".gelu-fast-{'0' * 16}.part") for name in ("", ".gelu-fast")]
    listed = []
    listdir = os.listdir

    def spy(folder="."):
        if "out" in str(folder):
            listed.append(folder)
        return listdir(folder)

    monkeypatch.setattr(os, "listdir", spy)
    for later, count in [(0, 0), (leftovers.OLD, 2), (0, 0)]:
        for path in left:
            path.touch()
            os.utime(path, (0, 0))
        for path in leftovers.REMOVED:
            leftovers.REMOVED[path] -= later
        os.utime("in/a.npy")
        os.utime("in/b.npy")
        del listed[:]
        assert apply() == 0
        assert len(listed) == count
        assert [path.exists() for path in left] == [count == 0] * 2


def test_another_job(few, local, capfd):
    """A folder has the results of one function, with the same options, of one version."""
    assert apply() == 0
    before = contents("out")
    capfd.readouterr()
    for options, function, what in [
        ([], "gelu", "function relu, not gelu"),
        (["--force"], "gelu", "function relu, not gelu"),
        (["--columns", "x"], "relu", "names None, not ['x']"),
    ]:
        assert apply(*options, function=function) == 2
        out, err = capfd.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"gelu-fast: 'out/': has results with {what}")
    assert contents("out") == before
    job = Path("out/.gelu-fast/job.json")
    job.write_text(job.read_text().replace(gelu_fast.__version__, "0.0.9"))
    assert apply() == 2
    wanted = f"has results with version 0.0.9, not {gelu_fast.__version__}: choose another folder"
    assert wanted in capfd.readouterr().err
    job.write_text("")
    assert apply() == 2
    assert "cannot be read: delete this folder" in capfd.readouterr().err


def test_results_of_another_input(few, local, capfd):
    """Results of inputs with the same name replace each other only with --force."""
    assert apply() == 0
    os.mkdir("more")
    np.save("more/a.npy", x(9))
    assert apply(source="more/*") == 2
    out, err = capfd.readouterr()
    assert out.endswith("1 parts: 0 computed, 0 kept, 1 failed\n")
    assert re.fullmatch(r"gelu-fast: '\S+out/a.npy': was made from .*--force replaces it\n", err)
    np.testing.assert_array_equal(np.load("out/a.npy"), gelu_fast.relu(np.load("in/a.npy")))
    assert apply("--force", source="more/*") == 0
    np.testing.assert_array_equal(np.load("out/a.npy"), gelu_fast.relu(x(9)))


def test_a_part_that_cannot_be_read(few, local, capfd):
    """One line names it, and the other parts are made."""
    Path("in/b.npy").write_bytes(Path("in/b.npy").read_bytes()[:-1])
    assert apply() == 2
    out, err = capfd.readouterr()
    assert out == "3 parts: 2 computed, 0 kept, 1 failed\n"
    assert err.count("\n") == 1
    assert err.startswith(f"gelu-fast: {str(few / 'in' / 'b.npy')!r}: truncated: expected")
    assert contents("out").keys() == {"a.npy", "c.npy"}
    for part in "ac":
        np.save(f"in/{part}.npy", np.array("text"))
    for part in range(12):
        np.save(f"in/{part}.npy", np.array("text"))
    assert apply() == 2
    out, err = capfd.readouterr()
    assert out == "15 parts: 0 computed, 0 kept, 15 failed\n"
    assert err.count("\n") == 11
    assert err.endswith("gelu-fast: and 5 more parts failed\n")


def test_an_input_that_changes(few, local, capfd, monkeypatch):
    """A part whose input is written while it is read is refused."""
    apply_file = task.apply_file

    def change(source, *arguments, **options):
        if source.endswith("b.npy"):
            os.utime(source, ns=(1, 1))
        apply_file(source, *arguments, **options)

    monkeypatch.setattr(task, "apply_file", change)
    assert apply() == 2
    assert "b.npy': changed while it was read\n" in capfd.readouterr().err
    assert contents("out").keys() == {"a.npy", "c.npy"}


def test_two_tasks_of_a_part(few, local, monkeypatch):
    """Two tasks make the same part at the same time, and both have written it before the first one
    renames its file."""
    both = threading.Barrier(2)
    job = {"version": gelu_fast.__version__, "function": "relu", "options": {"names": None}}
    records.claim("out", {"a.npy"}, job, False)
    rename = new_file.rename

    def meet(temporary, path, force):
        if path.endswith("a.npy"):
            both.wait(PATIENCE)
        rename(temporary, path, force)

    monkeypatch.setattr(new_file, "rename", meet)
    work = [os.path.abspath("in/a.npy"), os.path.abspath("out/a.npy"), job, 1]
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(task.compute_part, *work) for _ in range(2)]
    assert [future.result().kind for future in futures] == ["made", "made"]
    np.testing.assert_array_equal(np.load("out/a.npy"), gelu_fast.relu(np.load("in/a.npy")))
    assert sorted(os.listdir("out")) == [".gelu-fast", "a.npy"]


# ---- The page


def test_page():
    """The program of docs/cluster.md prints what its comment says."""
    page = (ROOT / "docs" / "cluster.md").read_text()
    [program] = re.findall(r"^```py\n(.*?)^```$", page, re.M | re.S)
    [wanted] = re.findall(r"^# prints (.*)", program, re.M)
    assert run_python(program).strip() == wanted


# ---- What is refused


REFUSED = {
    "no file": (["none/*.npy", "out"], "'none/*.npy': no file matches this pattern"),
    "no name": (
        ["in/*.npy", "there/a.npy"],
        "'there/a.npy': is a file, and the results need a folder",
    ),
    "no folder": (["in/*.npy", "no/out"], "'no/out': No such file or directory"),
    "stream": (["-", "out"], "'-': a job of several parts has no standard input or output"),
    "equal names": (["[im]*/*.npy", "out"], "'more/a.npy': has the name of 'in/a.npy', and the"),
    "same folder": (["in/*.npy", "in"], "'in': the pattern 'in/*.npy' would also match the re"),
    "inside": (["in/*", "in/out"], "'in/out': the pattern 'in/*' would also match the results"),
    "deep inside": (["**/*.npy", "x"], "'x': the pattern '**/*.npy' would also match the results"),
    "beside": (["m*/*.npy", "more2"], "'more2': the pattern 'm*/*.npy' would also match the resu"),
    "link": (["in/*.npy", "link"], "'link': the pattern 'in/*.npy' would also match the results"),
    "there": (["in/*.npy", "there"], "'there/a.npy': exists already, and no record says how it w"),
}


@pytest.mark.parametrize(("names", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(few, capfd, names, said):
    os.mkdir("more")
    np.save("more/a.npy", x(9))
    os.mkdir("there")
    Path("there/a.npy").write_text("precious")
    os.symlink("in", "link")
    before = contents(".")
    assert apply("--workers", "1", source=names[0], target=names[1]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"gelu-fast: {said}")
    assert contents(".") == before


def test_beside_the_inputs(few, local):
    """Results may be in a folder inside that of the inputs if the pattern does not match it."""
    os.chdir("in")
    assert apply(source="*.npy", target="out") == 0
    assert apply(source="*.npy", target="out") == 0


def test_unreachable(few, capfd, monkeypatch):
    monkeypatch.setattr(cluster_run, "CONNECT", 0.3)
    for address in ("tcp://127.0.0.1:9", "127.0.0.1:9", "ftp://x", "tcp://", "tcp://x:y"):
        assert apply("--scheduler", address) == 2
        out, err = capfd.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"gelu-fast: {address}: no scheduler of Dask answers within 0.3 s: ")
    assert apply("--scheduler", "tcp://127.0.0.1:9", "--workers", "2") == 2
    assert "--scheduler must be absent" in capfd.readouterr().err


OTHERS = {
    "older": (
        "from gelu_fast._files.cluster import task; task.__version__ = '0.0.9'",
        r"the worker \S+ has gelu_fast 0\.0\.9, and this command \S+: all workers need the same"
        " version",
    ),
    "missing": (
        "import sys; sys.modules['gelu_fast'] = None",
        r"a worker has no gelu_fast \S+, as this command has: .*",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("program", "said"), OTHERS.values(), ids=OTHERS)
def test_another_version(few, capfd, program, said):
    """A worker without gelu_fast of this version makes nothing."""
    Path("preload.py").write_text(program)
    with dask.config.set({"distributed.worker.preload": [str(few / "preload.py")]}):
        assert apply("--workers", "1") == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert re.fullmatch(f"gelu-fast: {said}\n", err)
    assert contents("out") == {}


def test_threads(few, local, capfd, monkeypatch):
    """The tasks of a worker together have no more threads than it has processors."""
    monkeypatch.setattr("dask.system.CPU_COUNT", 4)
    seen = []
    apply_file = task.apply_file

    def spy(*arguments, **options):
        seen.append((options["threads"], gelu_fast.get_num_threads()))
        apply_file(*arguments, **options)

    monkeypatch.setattr(task, "apply_file", spy)
    with gelu_fast.num_threads(3):
        assert apply("--threads", "8", "--workers", "1") == 0
        assert gelu_fast.get_num_threads() == 3
        assert apply("--force") == 0
        assert gelu_fast.get_num_threads() == 3
    assert seen == [(2, 2)] * 3 + [(1, 1)] * 3


def test_a_broken_installation_of_dask(tmp_path):
    (tmp_path / "distributed.py").write_text("raise AttributeError('odd')")
    np.save(tmp_path / "x.npy", np.ones(2))
    code = "import sys; sys.path.insert(0, '.'); from gelu_fast._cli.command import main; "
    code += "sys.exit(main(['apply', 'x*', 'out', '--function', 'gelu', '--workers', '1']))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "dask and distributed, whose import fails: AttributeError: odd" in done.stderr
    assert not (tmp_path / "out").exists()
