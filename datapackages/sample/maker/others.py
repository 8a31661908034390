"""What police, fire, park, department, agency and health bodies of the sample publish, mess by mess."""

from __future__ import annotations

from maker.containers import Rows, Sheet, delimited, pdf, xls, xlsx, zipped
from maker.desk import CARDS, Desk, earlier_version
from maker.files import Layout, headings, month_name, padded, quarters, table, total_row
from maker.ledger import month_of_cards, months_of
from maker.world import YEARS

#: The Treasury's layout of spend over £25,000.
TREASURY: Layout = [("Department family", "family"), ("Entity", "entity"), ("Date", "date:dmy"),
                    ("Expense type", "category"), ("Expense area", "department"), ("Supplier", "payee"),
                    ("Transaction number", "ref"), ("Amount", "amount:plain"), ("Description", "purpose"),
                    ("Supplier postcode", "postcode")]  # fmt: skip


def treasury(family: str, entity: str, **other: str) -> Layout:
    """The Treasury's layout for one body; `other` gives specs for headings in their order, by spec's first word."""
    fixed = {"family": f"={family}", "entity": f"={entity}", **other}
    return [(heading, fixed.get(spec.partition(":")[0], spec)) for heading, spec in TREASURY]


def combined_authority(desk: Desk) -> None:
    """XLSX by quarter as a reporting add-in leaves it: settings above, a marker column, a hidden sheet."""
    layout: Layout = [("*", "="), ("Reference", "ref"), ("Posting Date", "date:cell"),
                      ("Creditor Name", "payee"), ("Directorate", "department"),
                      ("Account Sub Group Description", "purpose"), ("Amount (Inclusive)", "gross:cell"),
                      ("VAT", "vat:cell"), ("Amount (Exclusive)", "amount:cell")]  # fmt: skip
    for year in YEARS:
        for quarter, months in quarters(months_of(year)):
            paid = desk.lines(months)
            above: Rows = [["FORMAT REPORT", "DefnSheetName=_defntemp_"],
                           ["SET", "Transparency Expenditure Report \n(Minimum of £500)"],
                           ["*", "Date Posted From:", f"01-{month_name(months[0], '%b-%Y')}"], ["SORT"],
                           [""]]  # fmt: skip
            settings = Sheet(
                "_defntemp_", [["REPORT SETTINGS"], ["Description:", "Transparency Expenditure Report"]], hidden=True
            )
            data = xlsx([Sheet("Report", [*above, *table(paid, layout)]), settings])
            note = (
                "report settings above the headings, a marker column, gross and VAT and net, a hidden sheet of settings"
            )
            desk.publish(f"expenditure-report-{quarter.lower()}-{year}.xlsx", data, note, paid)
            if (year, quarter) == ("2022-23", "Q2"):
                note = "byte for byte expenditure-report-q2-2022-23.xlsx"
                desk.publish("upload_test_bca.xlsx", data, note, paid, status="duplicate", speaks=False)


def police(desk: Desk) -> None:
    """CSV with pounds, largest first; gross amounts; two months only as amended, one month in both versions."""
    layout: Layout = [("Payment Date", "date:short"), ("Description", "purpose"),
                      ("Gross Amount", "amount:pound"), ("Supplier Name", "payee"), ("Reference", "ref")]  # fmt: skip
    for year in YEARS:
        for month in months_of(year):
            paid, name = (
                sorted(desk.lines([month]), key=lambda line: -line.pence),
                f"{month_name(month, '%B-%Y').lower()}-500-report",
            )
            if month == "2022-12":
                desk.miss(month)
                continue
            note = "largest payment first, pound signs, byte order mark"
            if month in ("2023-04", "2023-05"):
                name, note = f"{name}-amended", "published as amended only"
            if month == "2023-06":
                older = earlier_version(paid, "police 2023-06")
                desk.publish(
                    f"{name}.csv",
                    delimited(table(older, layout), encoding="utf-8-sig"),
                    "amended since",
                    older,
                    speaks=False,
                )
                name, note = f"{name}-amended", "the same month again, amended"
            desk.publish(f"{name}.csv", delimited(table(paid, layout), encoding="utf-8-sig"), note, paid)


def fire(desk: Desk) -> None:
    """CSV by quarter: dates in the first year, then only periods of the financial year, 202301 for April 2022."""
    layout: Layout = [("NAME VEND", "payee"), ("INVOICE ID", "ref"), ("AMT LINE ", "amount:bracket"),
                      (" DESCRIPTION", "purpose"), ("ISSUED DATE", "date:dmy"),
                      ("Department", "department")]  # fmt: skip
    by_period = [
        ("Period" if spec == "date:dmy" else heading, spec.replace("date:dmy", "date:period"))
        for heading, spec in layout
    ]
    for year in YEARS:
        for quarter, months in quarters(months_of(year)):
            paid, note = desk.lines(months), "brackets; headings with blanks around them"
            rows = table(paid, layout)
            if year != "2021-22":
                start = f"Financial year {year}. Period 01 is April {year[:4]}."
                rows, note = (
                    [[start, *[""] * 5], *table(paid, by_period)],
                    "a period and no date: 01 is April, as the first line says",
                )
            desk.publish(f"MFRA over 500 {quarter} {year}.csv", delimited(rows), note, paid)


def park(desk: Desk) -> None:
    """One file a year: CSV with months in words, a binary workbook, a workbook with a sheet for each month."""
    layout: Layout = [
        ("Payee", "payee"),
        ("Date", "date:long"),
        ("Amount", "amount:comma"),
        ("Voucher", "ref"),
        ("Purpose", "purpose"),
    ]
    typed = [(h, s.replace("date:long", "date:cell").replace("amount:comma", "amount:cell")) for h, s in layout]
    paid = desk.lines(months_of("2021-22"))
    rows = [*table(paid, layout), total_row(paid, layout, "TOTAL FOR YEAR")]
    desk.publish(
        "Tarn Fells spend 2021-22.csv",
        delimited(rows),
        "months in words, one impossible date (25/01/212), a total",
        paid,
    )
    paid = desk.lines(months_of("2022-23"))
    desk.publish(
        "Tarn Fells spend 2022-23.xls",
        xls([Sheet("Spend", table(paid, typed))]),
        "a binary Excel workbook, a year in one sheet",
        paid,
    )
    months = months_of("2023-24")
    sheets = [Sheet(month_name(month, "%b %y"), table(desk.lines([month]), typed)) for month in months]
    note = "twelve sheets, one a month, and an empty one"
    desk.publish(
        "Tarn Fells spend 2023-24.xlsx", xlsx([*sheets, Sheet("Sheet13", [])]), note, desk.lines(months), tables=12
    )


def department(desk: Desk) -> None:
    """The Treasury's layout: a month as PDF, a copy with other line ends, a pound sign as heading; cards with a key."""
    layout = treasury(desk.body.name, desk.body.name)
    for year in YEARS:
        for month in months_of(year):
            paid, name = desk.lines([month]), f"dff-spend-over-25k-{month}"
            if month == "2022-12":
                lines = [
                    "Spend over 25,000 pounds, December 2022",
                    *(f"{line.payee}  {line.pence / 100:.2f}" for line in paid[:20]),
                ]
                desk.publish_nothing(f"{name}.pdf", pdf(lines), "a PDF; the month is nowhere else")
                desk.miss(month)
                continue
            if year == "2021-22":
                rows, note = padded(table(paid, layout), 30), "thirty empty columns on the right"
            elif year == "2022-23":
                rows, note = table(paid, layout), "the Treasury's layout as it should be"
            else:
                pound = [
                    (" £ " if heading == "Amount" else heading, spec.replace("plain", "pound_spaced"))
                    for heading, spec in layout
                ]
                rows, note = table(paid, pound), "the amount column is headed with a pound sign alone"
            desk.publish(f"{name}.csv", delimited(rows), note, paid)
            if month == "2022-07":
                note = "the rows of dff-spend-over-25k-2022-07.csv with LF line ends: other bytes, the same payments"
                desk.publish(f"LFcopy_{name}.csv", delimited(rows, line_end="\n"), note, paid, speaks=False)
    key: Rows = [
        ["Merchant category", "Meaning"],
        ["4112", "Passenger railways"],
        ["7011", "Hotels"],
        ["5943", "Stationery"],
        [""],
    ]
    for quarter, months in quarters(months_of("2023-24")):
        cards = [line for month in months for line in month_of_cards(desk.body, month, 9)]
        desk.cards += cards
        data = delimited([*key, *table(cards, CARDS)])
        desk.publish(
            f"GPC over 500 {quarter} 2023-24.csv",
            data,
            "a key of merchant categories above the card lines",
            cards,
            kind="cards",
        )


def agency(desk: Desk) -> None:
    """A small body: month-first dates for a year, a nil return, columns renamed."""
    for year in YEARS:
        form = "date:mdy" if year == "2022-23" else "date:dmy"
        layout = treasury("Department for Ferries and Footbridges", desk.body.name, date=form)
        if year == "2023-24":
            layout = [
                ({"Date": "Payment Date", "Supplier": "Vendor Name", "Amount": "Amount in Sterling"}.get(h, h), s)
                for h, s in layout
            ]
        for month in months_of(year):
            paid, name = desk.lines([month]), f"lantern_{month.replace('-', '_')}.csv"
            if month == "2022-08":
                nil: Rows = [headings(layout), ["", "", "Nil", *[""] * 7]]
                desk.publish_nothing(name, delimited(nil), "a nil return: headings and the word Nil", "not_spend")
                desk.miss(month)
                continue
            note = {
                "2021-22": "the Treasury's layout",
                "2022-23": "month-first dates",
                "2023-24": "three headings renamed",
            }[year]
            desk.publish(name, delimited(table(paid, layout)), note, paid)


def infirmary(desk: Desk) -> None:
    """An NHS trust: a month column before the date, ledger codes before payees, misspelt headings."""
    layout: Layout = [
        ("Month", "date:month"),
        *treasury("Department of Wellbeing", desk.body.name, date="date:short")[:9],
    ]
    layout = [
        ({"Transaction number": "Transcation Number", "Amount": " Amount "}.get(h, h), s.replace("plain", "comma"))
        for h, s in layout
    ]
    for year in YEARS:
        for at, month in enumerate(months_of(year), 1):
            paid = desk.lines([month])
            name = f"NRI {at:02d} - {month_name(month, '%B %y')}.csv"
            note = "a month column before the date, a ledger code before each payee, a misspelt heading"
            desk.publish(name, delimited(table(paid, layout)), note, paid)


def board(desk: Desk) -> None:
    """An integrated care board, from July 2022: XLSX with an empty first column, a PDF, zips of workbooks and CSV."""
    layout: Layout = [
        ("", "="),
        *treasury("Department of Wellbeing", desk.body.name, date="date:cell", amount="amount:cell"),
    ]
    for month in months_of("2022-23")[3:]:
        paid, name = desk.lines([month]), f"ICB spend {month_name(month, '%b %Y')}"
        if month == "2023-03":
            text = ["NHS Beckmere ICB: payments over 25,000 pounds, March 2023", "Available on request."]
            desk.publish_nothing(f"{name}.pdf", pdf(text), "a PDF; the month is nowhere else")
            desk.miss(month)
            continue
        desk.publish(f"{name}.xlsx", xlsx([Sheet("Final Review", table(paid, layout))]), "an empty first column", paid)
    text_layout = treasury("Department of Wellbeing", desk.body.name, amount="amount:comma")
    for half, months in (("H1", months_of("2023-24")[:6]), ("H2", months_of("2023-24")[6:])):
        members = []
        for at, month in enumerate(months):
            if at % 2:
                members.append((f"{month}.xlsx", xlsx([Sheet("Final Review", table(desk.lines([month]), layout))])))
            else:
                members.append((f"{month}.csv", delimited(table(desk.lines([month]), text_layout))))
        note = "a zip of three CSV files and three workbooks"
        desk.publish(f"ICB spend {half} 2023-24.zip", zipped(members), note, desk.lines(months), tables=6)


OTHERS = {"beckmere-combined-authority": combined_authority, "beckmere-pcc": police,
          "marrowshire-fire": fire, "tarn-fells-national-park": park, "department-for-ferries": department,
          "lantern-inspectorate": agency, "northbeck-infirmary": infirmary, "nhs-beckmere-icb": board}  # fmt: skip
