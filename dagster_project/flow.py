"""
One stage over many publishers: work only where the key is new, in a process pool, and a ledger of what happened.

A job writes its tables and, last, a marker with a summary and the hashes of what it wrote. A marker under the job's key,
and the files as it says, mean: done, no work. A kill leaves tables without a marker, and a bad disk tables that are not
what the marker says; the next run writes both again, with the same bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dagster_project.store import NotingStore, Store, key_of

Summary = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """
    One piece of a stage.

    Attributes:
        partition: Publisher, or publisher and file.
        key: Of everything that the result depends on.
        payload: What the work needs, picklable.
        weight: Roughly how much work; heavy jobs start first.
        lands: Store key of a file outside `tables/` that holds the key of what lies there now, for work whose result
            has a fixed place; `""` for none.
    """

    partition: str
    key: str
    payload: Any = None
    weight: int = 0
    lands: str = ""


@dataclass
class StageRun:
    """What happened to each job: its summary, and whether work was done."""

    stage: str
    summaries: dict[str, Summary] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    worked: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """One key for the whole stage, for stages that read all of it."""
        return key_of(sorted(self.keys.items()))

    def total(self, name: str) -> int:
        """Sum of a number over all summaries."""
        return sum(int(summary.get(name, 0)) for summary in self.summaries.values())


#: Work on one job: reads and writes through the store, returns the summary.
Work = Callable[[Store, Job], Summary]


@dataclass(frozen=True)
class Together:
    """
    Work on some jobs at once, for which something dear is done only once.

    Attributes:
        work: A function of a module; gives the summary of each job in turn, once its tables are written.
        most: Weight of jobs that are worked on together; less where a process would have nothing to do.
    """

    work: Callable[[Store, Sequence[Job]], Iterator[Summary]]
    most: int


#: Called as each job is done: stage, jobs done, jobs in all, the job's summary, whether work was done.
Report = Callable[[str, int, int, Summary, bool], None]


def marker(stage: str, job: Job) -> str:
    """Store key of a job's marker."""
    return f"tables/{stage}/{job.partition}/{job.key}.json"


def table_key(stage: str, partition: str, key: str, table: str) -> str:
    """Store key of a table that a job wrote."""
    return f"tables/{stage}/{partition}/{key}.{table}.parquet"


#: Folders whose files a marker answers for, byte for byte.
ANSWERED_FOR = ("tables/", "packages/", "releases/", "portal/")


def what_was_done(store: Store, stage: str, job: Job) -> Summary | None:
    """
    The summary of a job whose result is there, whole, and is what lies at its fixed place, if it has one.

    A marker or a file of it that was damaged since is no result: the job is done again.
    """
    try:
        said = store.read_json(marker(stage, job))
        if job.lands and store.read(job.lands).decode() != job.key:
            return None
        if any(store.sha256(key) != digest for key, digest in said["written"].items()):
            return None
        summary: Summary = said["summary"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return summary


def _work_on(work: Work | Together, store: Store, stage: str, jobs: Sequence[Job]) -> list[Summary]:
    noting, summaries = NotingStore(store.url), []
    each = work.work(noting, jobs) if isinstance(work, Together) else (work(noting, job) for job in jobs)
    for job, summary in zip(jobs, each, strict=True):
        written = {
            key: digest for key, digest in noting.written.items() if key.startswith(ANSWERED_FOR) and key != job.lands
        }
        noting.written.clear()
        store.write_json(marker(stage, job), {"summary": summary, "written": written})
        summaries.append(summary)
    return summaries


#: What workers need, imported once by the server that they are forked from: importing it anew in each worker of each
#: stage costs more than most of the work.
PRELOADED = ["dagster_project.stages.printing"]


def _pool_context() -> Any:
    if sys.platform in ("win32", "darwin"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def worker_count() -> int:
    """Processes to work with: one a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int | None = None) -> ProcessPoolExecutor:
    """Other processes to work in; close them, or use them in a `with`."""
    return ProcessPoolExecutor(workers or worker_count(), mp_context=_pool_context())


def _worked(
    do: Callable[[Sequence[Job]], list[Summary]], groups: list[list[Job]], workers: int
) -> Iterator[tuple[Job, Summary]]:
    """Each job with its summary, as they are done."""
    if workers <= 1:
        for jobs in groups:
            yield from zip(jobs, do(jobs), strict=True)
        return
    with processes(workers) as pool:
        waiting = {pool.submit(do, jobs): jobs for jobs in groups}
        try:
            for future in as_completed(waiting):
                yield from zip(waiting[future], future.result(), strict=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _groups(todo: Sequence[Job], most: int) -> list[list[Job]]:
    """Jobs in their order, cut into groups that weigh `most` together, or are one job."""
    groups: list[list[Job]] = []
    weight = 0
    for job in todo:
        if not groups or weight + job.weight > most:
            groups.append([])
            weight = 0
        groups[-1].append(job)
        weight += job.weight
    return groups


def run_stage(
    store: Store, stage: str, jobs: Iterable[Job], work: Work | Together, report: Report | None = None,
    workers: int | None = None,
) -> StageRun:  # fmt: skip
    """
    Do what is not done yet.

    Args:
        work: A function of a module (it travels to other processes).
        workers: Processes; 1 works in this one.

    Returns:
        Summaries in order of partition, whoever finished first.
    """
    todo, done = [], {}
    jobs = sorted(jobs, key=lambda job: job.partition)
    for job in jobs:
        summary = what_was_done(store, stage, job)
        if summary is None:
            todo.append(job)
        else:
            done[job.partition] = summary
    finished = 0

    def note(job: Job, summary: Summary, worked: bool) -> None:
        nonlocal finished
        finished += 1
        done[job.partition] = summary
        if report:
            report(stage, finished, len(jobs), summary, worked)

    for partition, summary in list(done.items()):
        note(Job(partition, ""), summary, worked=False)
    todo.sort(key=lambda job: (-job.weight, job.partition))
    workers = min(workers or worker_count(), len(todo))
    share = -(-sum(job.weight for job in todo) // max(workers, 1))
    groups = _groups(todo, min(work.most, share)) if isinstance(work, Together) else [[job] for job in todo]
    do = partial(_work_on, work, store, stage)
    for job, summary in _worked(do, groups, workers):
        note(job, summary, worked=True)
    return StageRun(
        stage,
        {job.partition: done[job.partition] for job in jobs},
        {job.partition: job.key for job in jobs},
        sorted(job.partition for job in todo),
    )
