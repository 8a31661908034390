"""What a person sees while a build runs, and at its end. Plain lines where the output is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

STAGES = {
    "harvest": ("Asking websites", "", ""),
    "published_lines": ("Reading files", "rows_published", "pence_published"),
    "payments": ("Counting once", "rows", "pence"),
    "organisations": ("Loading registers", "", ""),
    "payees": ("Naming payees", "rows", ""),
    "suppliers": ("Gathering suppliers", "", ""),
    "witnesses": ("Reading witnesses", "", ""),
    "figures": ("Computing figures", "", ""),
    "league_tables": ("Ranking", "", ""),
    "data_packages": ("Packing and checking", "rows", ""),
    "portal_suppliers": ("Printing suppliers", "", ""),
    "portal": ("Printing pages", "", ""),
    "portal_gone": ("Keeping addresses", "", ""),
    "portal_search": ("Indexing words", "", ""),
}


#: Columns of the summary: title, name in the totals, width.
COLUMNS = (
    ("files", "files", 6), ("read", "files_read", 5), ("rows in", "rows_in", 9), ("pounds in", "pence_in", 9),
    ("published", "rows_published", 9), ("rejected", "rows_rejected", 8), ("left out", "rows_left_out", 8),
    ("payments", "payments", 9), ("pounds", "amount_pence", 9),
)  # fmt: skip


def pounds(pence: int) -> str:
    """Pence as people write large sums: £1.24bn, £412m, £18,400; exact below a million."""
    sign, size = ("−" if pence < 0 else ""), abs(pence) / 100
    for scale, letters in ((1e9, "bn"), (1e6, "m")):
        if size >= scale:
            return (
                f"{sign}£{size / scale:,.3g}{letters}"
                if size / scale < 1000
                else f"{sign}£{size / scale:,.0f}{letters}"
            )
    return f"{sign}£{size:,.0f}"


class Progress:
    """Bars on a terminal, a line a stage elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bars: Bars | None = None
        self._tasks: dict[str, Any] = {}
        self._sums: dict[str, list[int]] = {}

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            columns = (
                TextColumn("{task.description:<22}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[said]}"),
            )
            self._bars = Bars(*columns, console=self._console)
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    def begin(self, plan: Any) -> None:
        """Say what is about to be built."""
        what = "the embedded sample (invented data)" if plan.source == "sample" else plan.source
        print(f"Building {what} into {plan.out}", file=sys.stderr, flush=True)  # noqa: T201

    def report(self, stage: str, done: int, of: int, summary: dict[str, Any], worked: bool) -> None:
        """Note a job that is done."""
        title, rows, pence = STAGES.get(stage, (stage, "", ""))
        sums = self._sums.setdefault(stage, [0, 0, 0])
        facts = summary.get("file", summary)
        sums[0] += int(facts.get(rows, 0) or 0)
        sums[1] += int(facts.get(pence, 0) or 0)
        sums[2] += worked
        if done == of:
            self._sums.pop(stage)  # a stage of several runs, as packages are, says each run's own
        said = ", ".join(filter(None, [f"{sums[0]:,} rows" if sums[0] else "", pounds(sums[1]) if sums[1] else ""]))
        if self._bars:
            task = self._tasks.get(stage)
            if task is None:
                task = self._tasks[stage] = self._bars.add_task(title, total=of, said="")
            self._bars.update(task, completed=done, total=of, said=said)
        elif done == of:
            anew = "unchanged" if not sums[2] else f"{sums[2]} of {of} anew" if of > 1 else "anew"
            print(f"  {title:<22} {anew}{', ' + said if said else ''}", file=sys.stderr, flush=True)  # noqa: T201


def summary(plan: Any) -> str:
    """
    What a build ends with: a line a publisher, and the sums.

    Every publisher balances: rows found = published + rejected + left out.
    """
    from dagster_project.stages.packaging import counted_files
    from dagster_project.stages.printing_wider import totals_frame

    files = counted_files(plan)
    totals = totals_frame(plan, files)
    rows = totals[totals["files"] > 0].to_dict("records")
    wide = max((len(row["publisher"]) for row in rows), default=9)
    head = f"{'publisher':<{wide}} " + " ".join(f"{title:>{width}}" for title, _, width in COLUMNS) + "  state"
    lines = [head, "-" * len(head)]
    for row in rows:
        cells = (f"{pounds(row[name]) if 'pence' in name else f'{row[name]:,}':>{width}}" for _, name, width in COLUMNS)
        lines.append(f"{row['publisher']:<{wide}} {' '.join(cells)}  {row['status']}")
    sums = {name: sum(int(row[name]) for row in rows) for _, name, _ in COLUMNS}
    lines.append("-" * len(head))
    lines.append(
        f"{len(rows):,} publisher{'' if len(rows) == 1 else 's'}, {sums['files']:,} files, {sums['files_read']:,} read. {sums['rows_in']:,} rows = "
        f"{sums['rows_published']:,} published + {sums['rows_rejected']:,} rejected + {sums['rows_left_out']:,} left out."
    )
    lines.append(f"{sums['payments']:,} payments, each counted once, {pounds(sums['amount_pence'])}.")
    lines.extend(_reasons(files))
    lines.append(
        f"Packages: {plan.out}/packages   Portal: {plan.out}/portal   Look at it: local-pound serve --out {plan.out}"
    )
    return "\n".join(lines)


def _reasons(files: dict[str, Any]) -> list[str]:
    """Files that were not read, counted by state."""
    counts: dict[str, int] = {}
    for frame in files.values():
        for status, count in frame["status"].value_counts().items():
            counts[str(status)] = counts.get(str(status), 0) + int(count)
    names = {"not_spend": "hold no list of payments", "not_a_table": "are no table", "duplicate": "repeat another file",
             "refused": "were refused because our own count did not balance"}  # fmt: skip
    said = [f"{counts[status]:,} {words}" for status, words in names.items() if counts.get(status)]
    return (
        [f"Files not read: {', '.join(said)}. The reason for each is on its body's page and in files.csv."]
        if said
        else []
    )
