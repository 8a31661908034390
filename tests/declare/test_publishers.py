"""What holds for the spine of public bodies, and what people are told when a row of it is wrong."""

from __future__ import annotations

import csv
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dagster_project.declare.errors import DeclarationError
from dagster_project.declare.publishers import (
    COLUMNS,
    KINDS,
    NEEDED,
    PATTERNS,
    Publisher,
    load_kinds,
    load_publishers,
)

HOUSE = Path(__file__).parents[2]
SPINE = HOUSE / "datapackages" / "publishers.csv"
KINDS_FILE = HOUSE / "datapackages" / "vocabulary" / "publisher_kinds.csv"
CORPUS = HOUSE.parent / "shared" / "corpus" / "SOURCES.csv"

COUNCILS = ("county", "district", "unitary", "metropolitan_district", "london_borough")
HEADER = ",".join(COLUMNS)
ALDER = "alder,Alder Borough Council,district,E07999001,TLD,1974-04-01,2023-03-31,birch,GB-LAE-ALD,,,,"
BIRCH = "birch,Birch Council,unitary,E06999001,TLD,2023-04-01,,,GB-LAE-BIR,https://birch.invalid,Q21,Birch|B. C.,"


@pytest.fixture(scope="module")
def spine() -> tuple[Publisher, ...]:
    return load_publishers(SPINE)


@pytest.fixture(scope="module")
def bodies(spine: tuple[Publisher, ...]) -> dict[str, Publisher]:
    return {publisher.slug: publisher for publisher in spine}


@pytest.fixture
def write(tmp_path: Path):
    def writer(*lines: str, name: str = "publishers.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return writer


def test_file_is_sorted_by_slug_and_written_plainly():
    data = SPINE.read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    with SPINE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == COLUMNS
    slugs = [row[0] for row in rows[1:]]
    assert slugs == sorted(set(slugs))
    assert all(cell == cell.strip() for row in rows for cell in row)


def test_nobody_shares_an_id(spine):
    shared = [org_id for org_id, times in Counter(p.org_id for p in spine if p.org_id).items() if times > 1]
    assert not shared


def test_no_two_that_go_on_share_a_name(spine):
    shared = [name for name, times in Counter(p.name.lower() for p in spine if not p.end).items() if times > 1]
    assert not shared


@pytest.mark.parametrize(
    ("kind", "going_on"),
    [("county", 21), ("district", 164), ("metropolitan_district", 36), ("london_borough", 33), ("unitary", 128)],
)
def test_councils_that_go_on_are_as_many_as_there_are(spine, kind, going_on):
    """The unitary ones: 63 in England, 22 in Wales, 32 in Scotland, 11 in Northern Ireland."""
    assert sum(p.kind == kind and not p.end for p in spine) == going_on


def test_other_kinds_are_as_many_as_there_are(spine):
    counts = Counter(p.kind for p in spine if not p.end)
    assert set(counts) == set(KINDS)
    assert counts["combined_authority"] == 20, "19 and the Greater London Authority"
    assert counts["police"] == 44, "43 force areas of England and Wales, and Northern Ireland"
    assert counts["fire"] == 37, "35 areas with a body of their own, Scotland and Northern Ireland"
    assert counts["national_park"] == 15
    assert sum(p.kind == "nhs_trust" for p in spine) == 273
    assert sum(p.slug.endswith("-icb") for p in spine) == 42


def test_councils_that_go_on_have_code_region_and_id(spine):
    bare = [p.slug for p in spine if p.kind in COUNCILS and not p.end and not (p.lad_code and p.region and p.org_id)]
    assert not bare


def test_no_two_councils_that_go_on_have_one_area(spine):
    codes = Counter(p.lad_code for p in spine if p.kind in COUNCILS and not p.end)
    assert [code for code, times in codes.items() if times > 1] == []


def test_areas_served_are_areas_of_councils_that_go_on(spine):
    current = {p.lad_code for p in spine if p.kind in COUNCILS and p.kind != "county" and not p.end}
    assert len(current) == 361
    strange = {p.slug: sorted(set(p.areas_served) - current) for p in spine if set(p.areas_served) - current}
    assert not strange


def test_every_district_lies_in_one_county(spine):
    lies_in = Counter(code for p in spine if p.kind == "county" and not p.end for code in p.areas_served)
    districts = {p.lad_code for p in spine if p.kind == "district" and not p.end}
    assert set(lies_in) == districts
    assert set(lies_in.values()) == {1}


@pytest.mark.parametrize(("kind", "prefixes"), [("police", ("E23", "W15")), ("fire", ("E31", "W25"))])
def test_england_and_wales_are_policed_and_guarded_once(spine, kind, prefixes):
    served = Counter(
        code for p in spine if p.kind == kind and p.lad_code.startswith(prefixes) for code in p.areas_served
    )
    assert set(served.values()) == {1}
    if kind == "police":
        assert len(served) == 296 + 22


def test_recoded_districts_have_their_new_code(bodies):
    codes = {slug: bodies[slug].lad_code for slug in ("barnsley", "sheffield", "gateshead", "glasgow", "fife")}
    assert codes == {
        "barnsley": "E08000038",
        "sheffield": "E08000039",
        "gateshead": "E08000037",
        "glasgow": "S12000049",
        "fife": "S12000047",
    }


def test_councils_that_ended_have_a_successor_that_began_the_day_after_or_earlier(spine, bodies):
    for publisher in spine:
        if publisher.kind in (*COUNCILS, "combined_authority") and publisher.end:
            assert publisher.successor, publisher.slug
            for heir in publisher.successor:
                assert bodies[heir].kind in (*COUNCILS, "combined_authority")
                assert not bodies[heir].start or publisher.end < bodies[heir].start, publisher.slug


def test_nobody_is_followed_in_a_circle(spine, bodies):
    def reaches(slug: str, seen: tuple[str, ...]) -> bool:
        return slug in seen or any(reaches(heir, (*seen, slug)) for heir in bodies[slug].successor)

    assert [p.slug for p in spine if reaches(p.slug, ())] == []


def test_national_departments_have_no_area(spine):
    placed = {p.slug for p in spine if p.kind == "department" and (p.lad_code or p.region)}
    assert all(p.region in ("TLL", "TLM", "TLN") for p in spine if p.slug in placed), "devolved governments only"


def test_corpus_folders_are_in_the_spine(bodies):
    if not CORPUS.exists():
        pytest.skip("the collection of real files is not beside the project; it is not part of it")
    with CORPUS.open(encoding="utf-8", newline="") as file:
        folders = {row["publisher"] for row in csv.DictReader(file)}
    assert len(folders) == 159
    assert not folders - set(bodies)


def test_kinds_are_all_named():
    kinds = load_kinds(KINDS_FILE)
    assert sorted(kind.kind for kind in kinds) == sorted(KINDS)
    assert all(kind.explains.endswith(".") and kind.title != kind.title_plural for kind in kinds)


def test_what_is_read_is_what_is_written(write):
    alder, birch = load_publishers(write(HEADER, BIRCH, "", ALDER))
    assert alder.successor == ("birch",)
    assert alder.end == "2023-03-31"
    assert alder.areas_served == ()
    assert birch == Publisher(
        slug="birch",
        name="Birch Council",
        kind="unitary",
        lad_code="E06999001",
        region="TLD",
        start="2023-04-01",
        org_id="GB-LAE-BIR",
        website="https://birch.invalid",
        wikidata="Q21",
        alternative_names=("Birch", "B. C."),
    )


def test_extending_file_needs_five_columns_and_replaces(write):
    own = write(
        ",".join(NEEDED), "birch,Birch City Council,unitary,,", "cedar,Cedar Trust,nhs_trust,,TLD", name="own.csv"
    )
    found = {p.slug: p for p in load_publishers(write(HEADER, ALDER, BIRCH), own)}
    assert list(found) == ["alder", "birch", "cedar"]
    assert found["birch"] == Publisher("birch", "Birch City Council", "unitary", "", "")


def test_extending_file_may_come_from_a_spreadsheet(write, tmp_path):
    own = tmp_path / "own.csv"
    own.write_bytes("\ufeffslug,name,kind,lad_code,region\r\ncedar,Cedar Trust,nhs_trust,,\r\n".encode())
    assert {p.slug for p in load_publishers(write(HEADER, ALDER, BIRCH), own)} == {"alder", "birch", "cedar"}


def changed(row: str, **cells: str) -> str:
    """A row with some cells changed."""
    values = dict(zip(COLUMNS, next(csv.reader([row])), strict=True)) | cells
    return ",".join(values[column] for column in COLUMNS)


WRONG = [
    ([HEADER.replace("region", "regoin"), BIRCH], 1, "`regoin` is not a column here. Did you mean `region`?"),
    ([HEADER.replace(",wikidata", ""), BIRCH], 1, "the column `wikidata` is missing. Needed columns: slug, name,"),
    ([HEADER.replace("website", "wikidata"), BIRCH], 1, "the column `wikidata` is given twice; keep one."),
    ([HEADER, BIRCH, BIRCH], 3, "the slug `birch` is given twice, first on line 2; keep one."),
    ([HEADER, changed(BIRCH, slug="Birch Tree")], 2, "`Birch Tree` is not a slug; expected lower-case words and"),
    ([HEADER, changed(BIRCH, slug="Birch Tree")], 2, "Did you mean `birch-tree`?"),
    ([HEADER, changed(BIRCH, slug="")], 2, "`` is not a slug"),
    ([HEADER, changed(BIRCH, name="")], 2, "name is empty; give it a value, or take the row out."),
    ([HEADER, changed(BIRCH, kind="unitry")], 2, "`unitry` is not a kind of body. Did you mean `unitary`?"),
    ([HEADER, changed(BIRCH, lad_code="E0699900")], 2, "lad_code is `E0699900`; expected a letter of E, N, S, W, K"),
    ([HEADER, changed(BIRCH, region="North West")], 2, "region is `North West`; expected an ITL1 code"),
    ([HEADER, changed(BIRCH, org_id="BIR")], 2, "org_id is `BIR`; expected a register and a code in it"),
    ([HEADER, changed(BIRCH, website="birch.invalid")], 2, "website is `birch.invalid`; expected an address"),
    ([HEADER, changed(BIRCH, wikidata="21")], 2, "wikidata is `21`; expected a Q and a number"),
    ([HEADER, changed(BIRCH, areas_served="E10000017")], 2, "areas_served is `E10000017`; expected codes of districts"),
    ([HEADER, changed(BIRCH, start="01/04/2023")], 2, "start is `01/04/2023`; expected a day such as `2023-04-01`"),
    ([HEADER, changed(BIRCH, end="2023-02-30")], 2, "end is `2023-02-30`; expected a day such as `2023-04-01`"),
    ([HEADER, changed(BIRCH, end="2020-01-01")], 2, "the end 2020-01-01 lies before the start 2023-04-01"),
    ([HEADER, BIRCH, changed(ALDER, successor="brich")], 3, "the successor `brich` of `alder` is not in the list."),
    ([HEADER, BIRCH, changed(ALDER, successor="brich")], 3, "Did you mean `birch`? Add a row for it, or correct it."),
    ([HEADER, changed(BIRCH, successor="birch")], 2, "`birch` is named as its own successor"),
    ([HEADER, changed(BIRCH, alternative_names="B||C")], 2, "alternative_names has an empty part in `B||C`"),
    ([HEADER, BIRCH.replace("Birch Council", "Birch, the Council")], 2, "14 cells under 13 headings"),
    ([HEADER, BIRCH.replace("Birch Council", '"Birch" Council')], 2, "this is not CSV"),
]


@pytest.mark.parametrize(("lines", "line", "says"), WRONG, ids=[says[:60] for _, _, says in WRONG])
def test_what_is_wrong_is_said_with_file_line_and_advice(write, lines, line, says):
    path = write(*lines)
    with pytest.raises(DeclarationError) as caught:
        load_publishers(path)
    assert str(caught.value).startswith(f"`{path.as_posix()}`, line {line}: ")
    assert says in str(caught.value)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_every_pattern_has_an_example_of_what_it_refuses():
    assert {column for column in PATTERNS if any(f"{column} is `" in says for _, _, says in WRONG)} == set(PATTERNS)


def test_error_in_the_extending_file_names_that_file(write):
    own = write(",".join(NEEDED), "birch,Birch,unitry,,", name="own.csv")
    with pytest.raises(DeclarationError, match=r"own\.csv`, line 2: `unitry` is not a kind of body"):
        load_publishers(write(HEADER, ALDER, BIRCH), own)


def test_missing_file_and_wrong_encoding_are_said(tmp_path):
    with pytest.raises(DeclarationError, match=r"the file is missing\. See CONTRIBUTING"):
        load_publishers(tmp_path / "publishers.csv")
    (tmp_path / "publishers.csv").write_bytes(HEADER.encode() + "\nbirch,Bírch,".encode("cp1252"))
    with pytest.raises(DeclarationError, match="the file is not UTF-8"):
        load_publishers(tmp_path / "publishers.csv")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("\nfire,", "\nfyre,"), "`fyre` is not a kind of body. Did you mean `fire`?"),
        (lambda text: text.replace("title_plural", "plural"), "`plural` is not a column here."),
        (lambda text: text.replace("Unitary councils", ""), "title_plural is empty"),
        (lambda text: "\n".join(text.splitlines()[:-1]), "no row for `other`"),
        (lambda text: text + text.splitlines()[-1], "the kind `other` is given twice"),
    ],
)
def test_kinds_are_read_strictly(tmp_path, change, says):
    path = tmp_path / "publisher_kinds.csv"
    path.write_text(change(KINDS_FILE.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_kinds(path)
    assert says in str(caught.value)


def test_an_error_travels_between_processes():
    error = DeclarationError(Path("publishers.csv"), 7, "gone")
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == "`publishers.csv`, line 7: gone"


def test_loading_is_quick_to_import():
    heavy = "{'pandas', 'yaml', 'pydantic', 'dagster'}"
    program = f"import sys, dagster_project.declare.publishers; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
