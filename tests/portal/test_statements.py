"""What a body says stands on its page, whole, unchanged and harmless; a row of a table says that it has replied."""

import html
import re

import pytest

from dagster_project.declare.errors import DeclarationError
from dagster_project.declare.statements import load_statements
from tests.conftest import HOUSE

WHOLE = 'publisher: northbeck\nsaid: |\n  {said}\nby: Director\nwhen: "2024-06-12"\n'


def page(portal_dir, address):
    return (portal_dir / address / "index.html").read_text(encoding="utf-8")


def test_a_statement_is_printed_whole_and_the_row_leads_to_it(portal_dir):
    declared = load_statements(HOUSE / "datapackages" / "sample" / "statements", {"northbeck", "saltmere"})["northbeck"]
    box = re.search(r'id="reply">.*?</div>', page(portal_dir, "bodies/northbeck"), re.DOTALL)[0]
    assert re.findall(r"<p><bdi>(.*?)</bdi></p>", box) == [html.escape(text) for text in declared.paragraphs] or [
        html.unescape(text) for text in re.findall(r"<p><bdi>(.*?)</bdi></p>", box)
    ] == list(declared.paragraphs)
    assert "12 June 2024" in box
    table = page(portal_dir, "tables/spend/metropolitan-boroughs")
    assert 'bodies/northbeck/#reply">its statement' in table
    assert "bodies/saltmere/#reply" not in table


def test_who_was_asked_and_who_was_not(portal_dir):
    assert "We asked on 3 June 2024. No reply so far." in page(portal_dir, "bodies/saltmere")
    assert "We hold no statement from this body." in page(portal_dir, "bodies/oxenhythe")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WHOLE.format(said="Fine.").replace("by: Director\n", ""), "needs `by` and `when`"),
        ("publisher: northbeck\n", "give `said`, or `asked`"),
        ('publisher: northbeck\nasked: "June"\n', "expected a day"),
        ('publisher: northbeck\nasked: "2024-06-03"\nsays: x\n', "`says` is not a key here"),
        ('publisher: atlantis\nasked: "2024-06-03"\n', "is no body of publishers.csv"),
    ],
)
def test_statements_are_read_strictly(tmp_path, text, says):
    name = text.splitlines()[0].removeprefix("publisher: ")
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=re.escape(says)):
        load_statements(tmp_path, {"northbeck"})
