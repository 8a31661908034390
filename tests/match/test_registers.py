"""Every register loads from rows in its layout. All rows are invented; headings are those of the published files."""

import csv
import gzip
import zipfile

import pytest

from dagster_project.declare.registers import load_registers
from dagster_project.match import WrongLayout, find_register_files, organisations, postcode_areas, register_rows
from dagster_project.stages.plan import DECLARED
from tests.conftest import local_pound

REGISTERS = {register.slug: register for register in load_registers(DECLARED / "registers")}
NSPL = ("pcds,dointr,doterm,usertype,oa21,{},ward,imd", "NQ1 2AB,201001,,0,X,E08999001,W,1")
LAYOUTS = {
    "companies-house": (
        "BasicCompanyDataAsOneFile-2024-04-01.csv",
        "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.PostCode,CompanyCategory,CompanyStatus,DissolutionDate,"
        "IncorporationDate,Accounts.AccountCategory,SICCode.SicText_1,"
        + ",".join(f"PreviousName_{n}.CONDATE, PreviousName_{n}.CompanyName" for n in range(1, 11)),
        "BRAMBLEWICK CARE LIMITED,09000001,,NQ1 2AB,Private Limited Company,Active,,01/02/2003,SMALL,87900 - Care,"
        "05/06/2015,OTTERMOUTH CARE LIMITED" + "," * 18,
        ("GB-COH-09000001", "BRAMBLEWICK CARE LIMITED", "2003-02-01", "", "NQ12AB"),
    ),
    "charity-commission": (
        "publicextract.charity.txt",
        ("date_of_extract\tregistered_charity_number\tlinked_charity_number\tcharity_name\tcharity_registration_status\t"
        "date_of_registration\tdate_of_removal\tcharity_contact_postcode\tcharity_company_registration_number"),
        "2024-01-01\t9900001\t0\tThe Hollowmere Trust\tRemoved\t1999-01-02 00:00:00\t2020-05-06 00:00:00\tNQ1 2AB\t9000001",
        ("GB-CHC-9900001", "The Hollowmere Trust", "1999-01-02", "2020-05-06", "NQ12AB"),
    ),
    "charity-commission-northern-ireland": (
        "charitydetails_2024.csv",
        "Reg charity number,Charity name,Date registered,Status,Public address,Company number",
        '999001,Hollowmere Kite Club,03/04/2015,Received: on time,"1 Mill Lane, Hollowmere",0',
        ("GB-NIC-999001", "Hollowmere Kite Club", "2015-04-03", "", ""),
    ),
    "oscr": (
        "CharityExport-01-Apr-2024.csv",
        "Charity Number,Charity Name,Registered Date,Known As,Charity Status,Notes,Postcode,Constitutional Form",
        "SC999001,Oxwold Lantern Trust,03/04/2015,The Lantern,Active,,NQ1 2AB,Trust",
        ("GB-SC-SC999001", "Oxwold Lantern Trust", "2015-04-03", "", "NQ12AB"),
    ),
    "fca-mutuals": (
        "SocietyList.csv",
        "Society Name,Full Registration Number,Registered As,Society Address,Registration Date,Society Status",
        "Tarnbeck Bakers Limited,99001R,Co-operative Society,1 Mill Lane,03/04/2015,Registered",
        ("GB-MPR-99001R", "Tarnbeck Bakers Limited", "2015-04-03", "", ""),
    ),
    "government-organisations": (
        "organisations.csv", "GB-GOR,Name,Type,GOVUK URL", "D9901,Department for Ferries,ministerial,https://x.example",
        ("GB-GOR-D9901", "Department for Ferries", "", "", ""),
    ),
    "local-authorities": (
        "local-authority.csv", "end-date,local-authority-type,name,reference,start-date,statistical-geography",
        "2023-03-31,NMD,Northbeck District Council,NBK,1974-04-01,E07999001",
        ("GB-LAE-NBK", "Northbeck District Council", "1974-04-01", "2023-03-31", ""),
    ),
    "nhs-trusts": (
        "etr.csv", "", "R99,NORTHBECK INFIRMARY TRUST,,,,,,,,NQ1 2AB,20040101,20220331" + "," * 15,
        ("GB-NHS-R99", "NORTHBECK INFIRMARY TRUST", "2004-01-01", "2022-03-31", "NQ12AB"),
    ),
    "nhs-commissioners": (
        "eccg.csv", "", "99X,NHS NORTHBECK CCG,,,,,,,,NQ1 2AB,20130401,20220630" + "," * 15,
        ("GB-NHS-99X", "NHS NORTHBECK CCG", "2013-04-01", "2022-06-30", "NQ12AB"),
    ),
    "councils": (
        "councils.csv", "end-date,local-authority-code,official-name,nation,local-authority-type-name,start-date",
        ",NBK,Northbeck Council,Scotland,Scottish unitary,1996-04-01",
        ("GB-LAS-NBK", "Northbeck Council", "1996-04-01", "", ""),
    ),
    "learning-providers": (
        "providers.csv", "UKPRN,PROVIDER_NAME,VIEW_NAME,POSTCODE,HESA_ID",
        "99000001,NORTHBECK UNIVERSITY,University of Northbeck,NQ1 2AB,9999",
        ("GB-UKPRN-99000001", "NORTHBECK UNIVERSITY", "", "", "NQ12AB"),
    ),
    "code-point-open": (
        "codepo.csv", "Postcode,Positional_quality_indicator,Country_code,Admin_district_code",
        "NQ1 2AB,10,E92000001,E08999001", None,
    ),
    "code-point-open-parts": ("nq.csv", "", "NQ1 2AB,10,1,2,E92000001,E40999999,E18999999,,E08999001,E05999001", None),
    "northern-ireland-postcodes": (
        "ni.csv", "postcode,dz21_code,dz21_name,lgd14_code,lgd14_name", "NQ12AB,N20999999,Mill,E08999001,Northbeck", None,
    ),
    "onspd": ("NSPL_AUG_2024_UK.csv", NSPL[0].format("laua"), NSPL[1], None),
}  # fmt: skip


def written(folder, name, *lines):
    path = folder / name
    path.write_text("\r\n".join(line for line in lines if line) + "\r\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("slug", [slug for slug, one in REGISTERS.items() if one.gives != "boundaries"])
def test_each_register_loads_from_its_layout(slug, tmp_path):
    assert slug in LAYOUTS, "a new register needs invented rows in its layout here"
    name, headings, row, body = LAYOUTS[slug]
    path = written(tmp_path, name, headings, row)
    assert find_register_files(list(REGISTERS.values()), tmp_path) == [(REGISTERS[slug], path)]
    rows = register_rows(REGISTERS[slug], path)
    if body is None:
        assert postcode_areas(rows) == {"NQ12AB": "E08999001"}
    else:
        (found,) = organisations(REGISTERS[slug], rows)
        assert (found.id, found.name, found.start, found.end, found.postcode) == body


def test_former_names_and_numbers_elsewhere_are_read(tmp_path):
    def of(slug):
        name, headings, row, _ = LAYOUTS[slug]
        (found,) = organisations(
            REGISTERS[slug], register_rows(REGISTERS[slug], written(tmp_path, name, headings, row))
        )
        return found

    assert of("companies-house").previous == (("OTTERMOUTH CARE LIMITED", "2015-06-05"),)
    assert of("charity-commission").same_as == ("GB-COH-09000001",)
    assert of("oscr").previous == (("The Lantern", ""),)
    assert of("charity-commission-northern-ireland").same_as == ()


@pytest.mark.parametrize("district", ["laua", "oslaua", "ladcd", "lad25cd", "lad26cd"])
def test_districts_are_found_in_every_edition_of_the_postcode_directory(district, tmp_path):
    path = written(tmp_path, "ONSPD.csv", NSPL[0].format(district), NSPL[1])
    assert postcode_areas(register_rows(REGISTERS["onspd"], path)) == {"NQ12AB": "E08999001"}


@pytest.mark.parametrize("form", ["gz", "zip"])
def test_packed_files_are_read_as_they_are(form, tmp_path):
    name, headings, row, body = LAYOUTS["companies-house"]
    text = f"{headings}\r\n{row}\r\n".encode()
    path = tmp_path / (f"{name}.gz" if form == "gz" else name.replace("csv", "zip"))
    if form == "gz":
        path.write_bytes(gzip.compress(text))
    else:
        with zipfile.ZipFile(path, "w") as pack:
            pack.writestr(name, text)
    ((register, found),) = find_register_files(list(REGISTERS.values()), tmp_path)
    assert [one.id for one in organisations(register, register_rows(register, found))] == [body[0]]


def test_a_column_that_is_gone_is_named_with_register_and_vintage(tmp_path):
    name, headings, row, _ = LAYOUTS["companies-house"]
    written(tmp_path, name, headings.replace("IncorporationDate", "IncorporatedOn"), row)
    ((register, path),) = find_register_files(list(REGISTERS.values()), tmp_path)
    with pytest.raises(
        WrongLayout, match=r"Companies House basic company data, vintage 2024-04-01.*'IncorporationDate' \(our start\)"
    ):
        list(register_rows(register, path))


def test_a_file_called_as_a_register_without_its_headings_is_no_silent_miss(tmp_path):
    name, headings, row, _ = LAYOUTS["companies-house"]
    written(tmp_path, name, headings.replace(" CompanyNumber", "Number"), row)
    with pytest.raises(WrongLayout, match=r"vintage 2024-04-01.*has no column 'CompanyNumber'.*companies-house\.yaml"):
        find_register_files(list(REGISTERS.values()), tmp_path)


def test_a_file_of_something_else_is_passed_over(tmp_path):
    with (tmp_path / "cars.csv").open("w", newline="") as text:
        csv.writer(text).writerows([["make", "colour"], ["a", "b"]])
    assert find_register_files(list(REGISTERS.values()), tmp_path) == []


def test_a_build_stops_at_once_where_a_register_has_another_layout(tmp_path):
    name, headings, row, _ = LAYOUTS["companies-house"]
    for lacks, says in ((" CompanyNumber", "no column 'CompanyNumber'"), ("IncorporationDate", "(our start)")):
        written(tmp_path, name, headings.replace(lacks, "Else"), row)
        done = local_pound("build", "--registers", tmp_path, "--out", tmp_path / "out", check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert says in done.stderr
        assert not (tmp_path / "out" / "tables").exists()
