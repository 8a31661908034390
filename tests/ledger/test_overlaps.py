"""
Overlaps that published files have, rebuilt with invented names: each comes out counted once, to the penny.

A file is a list of lines `(date, payee, pence, reference)`; a date may be a month alone.
"""

import pandas as pd
import pytest

from dagster_project.ledger import LINE_COLUMNS, count_once
from dagster_project.ledger.overlaps import numbers_its_lines

PAYEES = ("Acme Care Ltd", "Beech & Sons", "Cedar Homes", "Dale Roads", "Elm Nursery", "Fir Catering", "Gorse Print")


def month_of(month, lines=21, start=0, step=1):
    """A month's list: every line different, references as a ledger gives them."""
    return [
        (f"{month}-{1 + i % 28:02d}", PAYEES[i % 7], 50_000 + 131 * i, f"51005{40000 + step * i}")
        for i in range(start, start + lines)
    ]


def counted(files, retrieved=None):
    """What a body's files come to; a name with `#` is a sheet of a workbook."""
    rows, names = [], []
    for name, lines in files.items():
        book, _, sheet = name.partition("#")
        if book not in names:
            names.append(book)
        for number, (date, payee, pence, reference) in enumerate(lines):
            rows.append(dict.fromkeys(LINE_COLUMNS, "") | {
                "file_id": book, "table": int(sheet or 1), "record": number + 2, "dataset_kind": "payments",
                "is_redacted": False, "date": date if len(date) == 10 else "", "month": date[:7], "payee": payee,
                "pence": pence, "reference": reference,
            })  # fmt: skip
    files = pd.DataFrame({"file_id": names, "name": names})
    result = count_once(
        "northbeck", pd.DataFrame(rows), files.assign(retrieved=files["name"].map(retrieved or {}).fillna(""))
    )
    assert int(result.coverage["rows"].sum()) == len(result.payments)
    assert int(result.coverage["amount_pence"].sum()) == int(result.payments["amount_pence"].sum())
    assert result.payments["payment_id"].is_unique
    return result


def pence(lines):
    return sum(line[2] for line in lines)


def months(result):
    """Rows and pence by month."""
    return {row.month: (row.rows, row.amount_pence) for row in result.coverage.itertuples()}


def once(lines):
    """What a list comes to when each of its lines counts once."""
    found = {}
    for line in lines:
        rows, total = found.get(line[0][:7], (0, 0))
        found[line[0][:7]] = (rows + 1, total + line[2])
    return found


APRIL, MAY, JUNE = month_of("2023-04"), month_of("2023-05", 24), month_of("2023-06", 30)


def test_one_list_under_two_names():
    """The same month once plain and once as `copy of`."""
    result = counted({"april.csv": APRIL, "Copy of april (1).csv": APRIL})
    assert months(result) == once(APRIL)
    assert result.coverage.iloc[0]["replaced_rows"] == 0


def test_csv_and_workbook_of_the_same_month():
    """The workbook has capitals, trailing blanks and numbers for references."""
    book = [(d, f"{p.upper()}  ", n, f"{r}.0") for d, p, n, r in APRIL]
    assert months(counted({"april.csv": APRIL, "april.xlsx": book})) == once(APRIL)


def test_workbook_that_gives_only_the_month():
    """No day in the workbook, so lines are told by payee, pence and reference."""
    book = [("2023-04", p, n, r) for _, p, n, r in APRIL]
    assert months(counted({"april.csv": APRIL, "april.xlsx": book})) == once(APRIL)


def test_a_list_with_another_kind_of_reference():
    """Voucher numbers in one, invoice numbers in the other: none agree, all lines do."""
    other = [(d, p, n, f"INV/{7000 + 3 * i}") for i, (d, p, n, _) in enumerate(APRIL)]
    assert months(counted({"april.csv": APRIL, "april-invoices.csv": other})) == once(APRIL)


def test_cumulative_files():
    """Each new file repeats the year so far; one month of an earlier one had a line that was taken back."""
    gone = ("2023-04-30", "Withdrawn Ltd", 77_700, "5100599999")
    result = counted({
        "to-april.csv": [*APRIL, gone], "to-may.csv": APRIL + MAY, "to-june.csv": APRIL + MAY + JUNE,
    }, {"to-april.csv": "2023-05-20", "to-may.csv": "2023-06-20", "to-june.csv": "2023-07-20"})  # fmt: skip
    assert months(result) == once(APRIL + MAY + JUNE)
    april = result.coverage.iloc[0]
    assert (april["speaks"], april["replaced"]) == ("to-june.csv", "to-april.csv|to-may.csv")
    assert (april["replaced_rows"], april["replaced_amount_pence"]) == (1, 77_700)


def test_republished_month():
    """The amended file speaks, though it has a line less; what it took back is shown."""
    amended = [*APRIL[:18], ("2023-04-28", "Acme Care Ltd", 1, "5100549999")]
    result = counted({"april.csv": APRIL, "april-500-report-amended.csv": amended})
    assert months(result) == once(amended)
    assert result.coverage.iloc[0]["replaced_amount_pence"] == pence(APRIL[18:])


def test_republished_month_of_a_small_body():
    """Four lines, one of them mended: its name says that it is the new one."""
    before, after = APRIL[:4], [*APRIL[:3], ("2023-04-04", "Dale Roads", 9, "5100540003")]
    assert months(counted({"april.csv": before, "april amended.csv": after})) == once(after)


def test_mid_month_split():
    """Two halves of a month share nothing."""
    first, second = [x for x in APRIL if x[0][8:] <= "15"], [x for x in APRIL if x[0][8:] > "15"]
    assert months(counted({"april-1-15.csv": first, "april-16-30.csv": second})) == once(APRIL)


def test_halves_and_the_whole_month():
    """The whole speaks; a half with a line that the whole lacks shows it."""
    result = counted({"april-1-15.csv": APRIL[:11], "april-16-30.csv": APRIL[11:], "april.csv": APRIL})
    assert months(result) == once(APRIL)
    assert result.coverage.iloc[0]["speaks"] == "april.csv"


def test_financial_year_workbook():
    """A sheet a month, and the ledger that they were cut from as one more sheet; months beside it as CSV."""
    result = counted({
        "2023-24.xlsx#1": APRIL, "2023-24.xlsx#2": MAY, "2023-24.xlsx#3": JUNE, "2023-24.xlsx#4": APRIL + MAY + JUNE,
        "may-2023.csv": MAY,
    })  # fmt: skip
    assert months(result) == once(APRIL + MAY + JUNE)


def test_equal_lines_stay_several_payments_in_both_editions():
    """The same fee for three homes on one day, in a file and in its twin."""
    fees = [("2023-04-03", "Acme Care Ltd", 60_000, "")] * 3 + APRIL
    assert months(counted({"april.csv": fees, "april.xlsx": fees})) == once(fees)


def test_lines_of_the_next_month_are_parts_of_it():
    """
    February's file has the first days of March; two of these look like lines of March's own, by other references.

    The fee is the same, the day is the same, the transaction is not: all are payments.
    """
    march = month_of("2023-03", 60)
    early = [(d, p, n, str(int(r) - 20_000)) for d, p, n, r in march[:4]]
    early += [(f"2023-03-{1 + i % 5:02d}", f"Payee {i}", 80_000 + i, f"51005{20500 + i}") for i in range(40)]
    files = {"feb.csv": month_of("2023-02", 50) + early, "mar.csv": march}
    assert months(counted(files)) == once(month_of("2023-02", 50) + early + march)


def test_a_block_that_two_months_publish():
    """December's agency bill stands in January's file again, under numbers that count the lines of each file."""

    def numbered(prefix, lines):
        return [(d, p, n, f"{prefix}-{i:05d}") for i, (d, p, n, _) in enumerate(lines, 1)]

    bill = [("2022-12-02", "Agency Staff Ltd", 150_000 + 7 * i, "") for i in range(40)]
    december, january = month_of("2022-12", 200), month_of("2023-01", 150)
    late = month_of("2022-12", 60, start=300)
    files = {"dec.csv": numbered("1012", december + bill), "jan.csv": numbered("1101", january + bill + late)}
    assert months(counted(files)) == once(december + bill + january + late)


def test_references_that_count_lines_are_known_from_real_ones():
    def lines(references):
        return pd.DataFrame({"reference": references, "record": range(5, 5 + len(references))})

    assert numbers_its_lines(lines([f"1012-{i:05d}" for i in range(1, 40)]))
    assert not numbers_its_lines(lines([f"51005{40000 + i}" for i in range(40)]))
    assert not numbers_its_lines(lines([""] * 40))
    assert not numbers_its_lines(lines(["1", "2", "3"]))


def test_a_list_that_repeats_parts_of_two_others():
    """
    A list of late payments without references gives lines of two later quarters again.

    Both quarters' other lines of that month stay: sharing lines with a third does not make two lists one.
    """
    autumn = [(f"2023-09-{i:02d}", f"Autumn {i}", 1_000 * i, f"AUT{1000 + i}") for i in range(1, 10)]
    winter = [(f"2023-09-{i:02d}", f"Winter {i}", 1_100 * i, f"WIN{1000 + i}") for i in range(1, 30)]
    late = [(d, p, n, "") for d, p, n, _ in autumn[:8] + winter[:9]]
    files = {
        "q2-late.xlsx": late,
        "oct-dec.xlsx": autumn + month_of("2023-11"),
        "jan-mar.xlsx": winter + month_of("2024-01"),
    }
    result = counted(files)
    assert months(result) == once(autumn + winter + month_of("2023-11") + month_of("2024-01"))
    assert result.coverage["replaced_rows"].sum() == 0
    assert months(counted(files, {"q2-late.xlsx": "2024-05-01"})) == months(result)


def test_a_card_statement_in_two_months():
    """The last lines of February's file stand in March's again, the statement's name changed."""
    statement = [("2023-02-28", "Licence Office", 25_250, "P-CARD - FEB 23")] * 5
    statement += [("2023-02-25", "Gorse Print", 75_315, "P-CARD - FEB 23")]
    again = [(d, p, n, r.replace("FEB", "MAR")) for d, p, n, r in statement]
    files = {"feb.csv": month_of("2023-02") + statement, "mar.csv": month_of("2023-03") + again}
    assert months(counted(files)) == once(month_of("2023-02") + statement + month_of("2023-03"))


def test_words_for_references_tell_payments_apart():
    one = [("2023-12-04", "Bank Card", 46_925, "CONFERENCE MEMBERSHIP")]
    two = [("2023-12-04", "Bank Card", 46_925, "HORIZON")]
    assert months(counted({"oct-dec.csv": one, "jan-mar.csv": two})) == once(one + two)


def test_a_file_of_another_month_under_this_name():
    """August's link leads to a file that holds half of January again."""
    january = month_of("2023-01", 60)
    files = {"january.csv": january, "august.csv": month_of("2022-08", 40) + january[:31]}
    assert months(counted(files)) == once(january + month_of("2022-08", 40))


def test_two_offices_in_parallel():
    """A force and its commissioner's office publish side by side; one bill stands in both by the same number."""
    force, office = month_of("2023-06", 80), month_of("2023-06", 12, start=200)
    shared = [force[5]]
    assert months(counted({"nfi-june.csv": force, "pcc-june.csv": office + shared})) == once(force + office)


@pytest.mark.parametrize("pennies", [0, 1])
def test_a_zip_and_a_member_beside_it(pennies):
    """Four months in a zip, one of them beside it; a penny of difference is shown, and the line is not counted twice."""
    july = month_of("2023-07", 40)
    beside = [(d, p, n + pennies * (i == 3), r) for i, (d, p, n, r) in enumerate(july)]
    result = counted({"july-oct.zip#1": month_of("2023-08"), "july-oct.zip#2": july, "july.csv": beside})
    rows, total = months(result)["2023-07"]
    assert (rows, total) == (40, pence(beside))
    assert result.coverage.iloc[0]["replaced_rows"] == pennies
