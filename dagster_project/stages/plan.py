"""What a build is told, and the declarations it goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from dagster_project.declare.buying import BoughtRule, load_bought_rules
from dagster_project.declare.classes import load_class_rules, load_classes, load_denominators
from dagster_project.declare.measures import load_measures
from dagster_project.declare.publishers import Publisher, load_publishers
from dagster_project.declare.registers import load_registers
from dagster_project.declare.schemas import TableSchema, load_schemas
from dagster_project.declare.sources import Source, load_sources
from dagster_project.declare.statements import Statement, load_statements
from dagster_project.declare.vocabulary import load_words
from dagster_project.flow import Report, StageRun
from dagster_project.harvest import NotASource, extending_publishers, says_complete
from dagster_project.model.words import Words
from dagster_project.store import Store

ROOT = Path(__file__).parents[2]
DECLARED = ROOT / "datapackages"
SAMPLE = DECLARED / "sample"


@dataclass(frozen=True)
class Plan:
    """
    One build: where from, what of it, where to.

    Attributes:
        source: `sample`, `live` (the bodies' own websites), or the path of a folder of files.
        only: Slugs to build; everybody where empty.
        registers: A folder of register files; the sample brings its own.
        sources: A folder of source files for `live`, in place of our own; a `publishers.csv` in it extends the spine.
        out: Address of the store.
        tranche: Name of the tranche that this run is for; `""` for a run over all. Its notes are kept apart.
        report: Called as each job is done.
    """

    source: str = "sample"
    only: tuple[str, ...] = ()
    registers: str = ""
    sources: str = ""
    out: str = "build"
    workers: int | None = None
    tranche: str = ""
    report: Report | None = field(default=None, compare=False)

    @property
    def folder(self) -> Path:
        """The folder that files come from, or the files that say where they are to be had."""
        if self.source == "live":
            return Path(self.sources) if self.sources else DECLARED / "sources"
        return SAMPLE if self.source == "sample" else Path(self.source)

    @property
    def origin(self) -> str:
        """`sample`, `live` or `folder`: said on every page."""
        return self.source if self.source in ("sample", "live") else "folder"

    @property
    def registers_folder(self) -> Path | None:
        """Where register files lie, if anywhere."""
        if self.registers:
            return Path(self.registers)
        if self.source == "live":
            return self.live_registers if self.live_registers.is_dir() else None
        return SAMPLE / "registers" if self.source == "sample" else None

    @property
    def live_registers(self) -> Path:
        """Where a live build lays out the registers that it harvested: in the store where that is a folder."""
        return Path(self.store.path("registers")) if self.store.is_local else ROOT / "build" / "registers"

    @cached_property
    def store(self) -> Store:
        """Where bytes and tables lie."""
        return Store(self.out)

    @cached_property
    def is_complete(self) -> bool:
        """Whether the files are everything that these bodies published."""
        return says_complete(self.folder)

    @cached_property
    def publishers(self) -> dict[str, Publisher]:
        """Public bodies by slug: the sample's own world, or the spine with what the folder adds."""
        if self.source == "sample":
            found = load_publishers(SAMPLE / "publishers.csv")
        else:
            found = load_publishers(DECLARED / "publishers.csv", extending_publishers(self.folder))
        return {publisher.slug: publisher for publisher in found}

    @cached_property
    def declared_sources(self) -> tuple[Source, ...]:
        """
        Where the bodies of this build publish.

        Raises:
            NotASource: there is no folder of source files, none in it, or none of a body that is to be built.
        """
        if not self.folder.is_dir():
            raise NotASource(f"{self.folder} is not a folder. Give the folder that source files lie in.")
        found = load_sources(self.folder, self.publishers)
        if missing := sorted(set(self.only) - {source.slug for source in found}):
            raise NotASource(
                f"{self.folder} has no file {missing[0]}.yaml: it is not said where {missing[0]} publishes. "
                "Draft one: local-pound add-source URL"
            )
        if not found:
            raise NotASource(f"{self.folder} holds no source files. Draft one: local-pound add-source URL")
        return tuple(source for source in found if not self.only or source.slug in self.only)

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """What bodies say about their figures, by slug."""
        return load_statements((SAMPLE if self.source == "sample" else DECLARED) / "statements", self.publishers)

    @cached_property
    def schemas(self) -> dict[str, TableSchema]:
        """Table schemas by name."""
        return load_schemas(DECLARED / "schemas")

    @cached_property
    def words(self) -> Words:
        """The vocabulary of reading."""
        return reading_words()

    @cached_property
    def classes(self) -> dict[str, Any]:
        """Classes of payee by name."""
        return dict(load_classes(DECLARED / "vocabulary" / "classes.csv"))

    @cached_property
    def class_rules(self) -> tuple[Any, ...]:
        """Rules that give classes, in order."""
        return load_class_rules(DECLARED / "vocabulary" / "class_rules.csv", self.classes)

    @cached_property
    def denominators(self) -> dict[str, Any]:
        """Denominators by key."""
        return dict(load_denominators(DECLARED / "vocabulary" / "denominators.csv"))

    @cached_property
    def bought_rules(self) -> tuple[BoughtRule, ...]:
        """Rules that say what was bought, in order."""
        return load_bought_rules(DECLARED / "vocabulary" / "bought.csv")

    @cached_property
    def measures(self) -> tuple[Any, ...]:
        """Measures that are not retired."""
        found = load_measures(DECLARED / "measures")
        for measure in found:
            if measure.base not in self.denominators:
                raise KeyError(f"measure {measure.id}: base '{measure.base}' is not in vocabulary/denominators.csv")
        return tuple(measure for measure in found if measure.status != "retired")

    @cached_property
    def register_declarations(self) -> tuple[Any, ...]:
        """Every declared register."""
        return load_registers(DECLARED / "registers")

    def keep(self, run: StageRun) -> StageRun:
        """Remember what a stage did, for the stages after it."""
        value = {"stage": run.stage, "summaries": run.summaries, "keys": run.keys}
        self.store.write_json(self._note(run.stage), value)
        self._recalled.pop(run.stage, None)
        return run

    def _note(self, stage: str) -> str:
        """Store key of what a stage did in this run, or in the last one over all."""
        return f"tables/runs/{self.tranche}/{stage}.json" if self.tranche else f"tables/runs/{stage}.json"

    @cached_property
    def _recalled(self) -> dict[str, StageRun]:
        """Stages that were read back: they are asked for thousands of times."""
        return {}

    def recall(self, stage: str) -> StageRun:
        """
        What a stage before this one did.

        Raises:
            FileNotFoundError: it has not run yet.
        """
        try:
            if stage not in self._recalled:
                self._recalled[stage] = StageRun(**self.store.read_json(self._note(stage)))
            return self._recalled[stage]
        except FileNotFoundError as error:
            raise FileNotFoundError(f"'{stage}' has not run in {self.out}; run `local-pound build` first") from error


@lru_cache
def reading_words() -> Words:
    """The vocabulary of reading, loaded once in each process."""
    return load_words(DECLARED / "vocabulary")
