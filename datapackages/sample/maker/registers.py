"""The three registers of the sample, in the true layouts of the products that they stand for."""

from __future__ import annotations

import csv
import io
from datetime import date

from maker.dice import Dice
from maker.world import MASS_ADDRESS, PLACES, TRADES, Entity, postcodes

CODE_POINT = ("Postcode", "Positional_quality_indicator", "Eastings", "Northings", "Country_code",
              "NHS_regional_HA_code", "NHS_HA_code", "Admin_county_code", "Admin_district_code",
              "Admin_ward_code")  # fmt: skip
#: BasicCompanyDataAsOneFile: some headings begin with a blank in the true product.
COMPANY = ("CompanyName", " CompanyNumber", "RegAddress.CareOf", "RegAddress.POBox",
           "RegAddress.AddressLine1", " RegAddress.AddressLine2", "RegAddress.PostTown",
           "RegAddress.County", "RegAddress.Country", "RegAddress.PostCode", "CompanyCategory",
           "CompanyStatus", "CountryOfOrigin", "DissolutionDate", "IncorporationDate",
           "Accounts.AccountRefDay", "Accounts.AccountRefMonth", "Accounts.NextDueDate",
           "Accounts.LastMadeUpDate", "Accounts.AccountCategory", "Returns.NextDueDate",
           "Returns.LastMadeUpDate", "Mortgages.NumMortCharges", "Mortgages.NumMortOutstanding",
           "Mortgages.NumMortPartSatisfied", "Mortgages.NumMortSatisfied", "SICCode.SicText_1",
           "SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4",
           "LimitedPartnerships.NumGenPartners", "LimitedPartnerships.NumLimPartners", "URI",
           "PreviousName_1.CONDATE", " PreviousName_1.CompanyName", " PreviousName_2.CONDATE",
           " PreviousName_2.CompanyName",
           *(name for n in range(3, 11) for name in (f"PreviousName_{n}.CONDATE", f" PreviousName_{n}.CompanyName")),
           "ConfStmtNextDueDate", " ConfStmtLastMadeUpDate")  # fmt: skip
CHARITY = ("date_of_extract", "organisation_number", "registered_charity_number", "linked_charity_number",
           "charity_name", "charity_type", "charity_registration_status", "date_of_registration",
           "date_of_removal", "charity_reporting_status", "latest_acc_fin_period_start_date",
           "latest_acc_fin_period_end_date", "latest_income", "latest_expenditure",
           "charity_contact_address1", "charity_contact_address2", "charity_contact_address3",
           "charity_contact_address4", "charity_contact_address5", "charity_contact_postcode",
           "charity_contact_phone", "charity_contact_email", "charity_contact_web",
           "charity_company_registration_number", "charity_insolvent", "charity_in_administration",
           "charity_previously_excepted", "charity_is_cdf_or_cif", "charity_is_cio", "cio_is_dissolved",
           "date_cio_dissolution_notice", "charity_activities", "charity_gift_aid", "charity_has_land")  # fmt: skip


def day(value: date) -> str:
    """A date as Companies House writes it."""
    return f"{value:%d/%m/%Y}"


def stamp(value: date) -> str:
    """A date as the Charity Commission's extract writes it."""
    return f"{value:%Y-%m-%d} 00:00:00.0000000"


def postcode_register() -> bytes:
    """Code-Point Open layout with its headings: numbers bare, texts quoted; two postcodes lie in no district."""
    dice, rows = Dice("postcodes"), [",".join(CODE_POINT)]
    for place in PLACES.values():
        for postcode in [*postcodes(place), *([MASS_ADDRESS] if place.town == "Vellminster" else [])]:
            east, north = dice.between(100_000, 199_999), dice.between(900_000, 999_999)
            quality = 50 if dice.chance(0.03) else 10
            texts = ("E92000001", "E40999999", "E18999999", place.county, place.code, f"E05{place.code[3:]}")
            rows.append(f'"{postcode}",{quality},{east},{north},' + ",".join(f'"{text}"' for text in texts))
    rows += [f'"QX9 {unit}",90,0,0,"E92000001","","","","",""' for unit in ("9ZX", "9ZY")]
    return ("\n".join(rows) + "\n").encode()


def company_row(company: Entity, dice: Dice) -> list[str]:
    """One company; accounts and statement dates are those of the spring of 2024."""
    month = dice.pick((3, 12))
    made_up = "" if company.accounts == "NO ACCOUNTS FILED" else f"31/{month:02d}/2022"
    former = [text for changed, name in company.previous for text in (day(changed), name.upper())]
    street = f"{dice.between(1, 240)} {dice.pick(('HIGH STREET', 'MILL LANE', 'STATION ROAD', 'CANAL WHARF'))}"
    sic = TRADES[company.trade].sic or "88990 - Other social work activities without accommodation n.e.c."
    return [
        company.name.upper(), company.number, "", "", street, "", company.place.town.upper(), "", "ENGLAND",
        company.postcode, company.form, company.status, "United Kingdom", "", day(company.incorporated), "31",
        str(month), "31/12/2024", made_up, company.accounts, "", "", "0", "0", "0", "0", sic, "", "", "", "0", "0",
        f"http://business.data.gov.uk/id/company/{company.number}", *former, *[""] * (20 - len(former)),
        "14/02/2025", "31/01/2024",
    ]  # fmt: skip


def company_register(companies: list[Entity]) -> bytes:
    """BasicCompanyDataAsOneFile: 55 columns, headings bare, every value quoted, in order of name."""
    dice, out = Dice("company register"), io.StringIO()
    out.write(",".join(COMPANY) + "\n")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows(
        company_row(company, dice) for company in sorted(companies, key=lambda entity: entity.name.upper())
    )
    return out.getvalue().encode()


def charity_row(charity: Entity, number: int, dice: Dice) -> list[str]:
    """One main charity; every fortieth has been removed."""
    removed = number % 40 == 39
    income = dice.skewed(2_000, 4_000_000)
    year = [stamp(date(2022, 4, 1)), stamp(date(2023, 3, 31)), str(income), str(income * 19 // 20)]
    status = ["Removed", stamp(charity.incorporated), stamp(date(2022, 9, 30)), "", *[""] * 4]
    if not removed:
        status = ["Registered", stamp(charity.incorporated), "", "Submission Received", *year]
    activities = f"Invented for the sample: works in and around {charity.place.town}."
    return [
        stamp(date(2024, 4, 2)), str(9_990_000 + number), charity.number, "0", charity.name,
        dice.pick(("CIO", "Trust", "Charitable company", "Other")), *status,
        f"{dice.between(1, 90)} Chapel Walk", charity.place.town, "", "", "", charity.postcode, "", "", "",
        charity.company, *["False"] * 6, "", activities, "True", "False",
    ]  # fmt: skip


def charity_register(charities: list[Entity]) -> bytes:
    """`publicextract.charity.txt`: tabs, CRLF, no quotes."""
    dice = Dice("charity register")
    rows = [list(CHARITY), *(charity_row(charity, number, dice) for number, charity in enumerate(charities))]
    return "".join("\t".join(row) + "\r\n" for row in rows).encode()
