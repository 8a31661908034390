"""Printed numbers hidden from the matcher, and what it says by the name alone. All names are invented."""

import pytest

from dagster_project.match import Body, Match, hidden_frame, hide, scoreboard


def body(number, *same_as):
    return Body(number, "Acme", "", "", "", "", "", same_as)


ACME = ("Acme Care", "9000001", "")
BY_NUMBER = Match("accepted", body("GB-COH-09000001", "GB-CHC-9900001"), 0.99)


@pytest.mark.parametrize(
    ("by_name", "answer"),
    [
        (Match("accepted", body("GB-COH-09000001"), 0.9), "agreed"),
        (Match("accepted", body("GB-CHC-9900001"), 0.9), "agreed"),
        (Match("accepted", body("GB-SC-SC990001"), 0.9, twins=("GB-COH-09000001",)), "agreed"),
        (Match("accepted", body("GB-COH-09000002"), 0.9), "contradicted"),
        (Match("review", body("GB-COH-09000001"), 0.5), "silent"),
        (Match("none"), "silent"),
    ],
    ids=["same body", "its other number", "twin by name", "another body", "not sure enough", "nobody"],
)
def test_a_name_alone_is_held_against_the_number(by_name, answer):
    hidden = hide(ACME, BY_NUMBER, by_name)
    assert (hidden.answer, hidden.identifier, hidden.is_named_alike) == (answer, "company", True)


def test_the_scoreboard_counts_payees_and_pence_and_leaves_out_numbers_of_other_names():
    charity = ("Kite Club", "", "9900002")
    by_charity = Match("accepted", body("GB-CHC-9900002"), 0.99)
    unlike = ("Tarn Bakers", "9000001", "")
    hidden = [
        hide(ACME, BY_NUMBER, Match("accepted", body("GB-COH-09000001"), 0.9)),
        hide(unlike, Match("review", body("GB-COH-09000001"), 0.5), Match("none")),
        hide(charity, by_charity, Match("none")),
    ]
    frame = hidden_frame(hidden, {ACME: 1200, unlike: 700, charity: 50})
    charities, companies = scoreboard([frame, frame]).to_dict("records")
    assert (companies["payees"], companies["amount_pence"], companies["agreed_pence"], companies["unlike"]) == (
        2, 2400, 2400, 2,
    )  # fmt: skip
    assert (charities["identifier"], charities["silent"], charities["silent_pence"]) == ("charity", 2, 100)
    assert charities["payees"] == charities["agreed"] + charities["contradicted"] + charities["silent"]


def test_where_nobody_printed_a_number_the_scoreboard_is_empty():
    assert scoreboard([]).empty
    assert "unlike" in scoreboard([])
