"""The query page where there is no database for browsers: it says so, and gives the files."""

from dagster_project.portal import assets


def test_without_the_database_the_page_says_so_and_asks_for_nothing(pages):
    page = pages["query/index.html"]
    assert "built without the database for browsers" in page
    assert "query." not in page.split("</head>")[1] or "assets/query" not in page
    assert "lp-run" not in page


def test_the_database_is_copied_whole_or_not_at_all(tmp_path):
    parts = assets.ENGINES[0][1]
    packages = tmp_path / "node_modules"
    home = tmp_path / "duckdb"
    home.mkdir()
    packages.mkdir()
    for name in parts[:2]:
        (home / name).write_bytes(b"x")
    out = tmp_path / "out"
    out.mkdir()
    assert assets.write_engines(out, packages) == {}
    assert list(out.iterdir()) == []
    (home / parts[2]).write_bytes(b"y")
    (home / "LICENCE-duckdb.txt").write_text("free", encoding="utf-8")
    names = assets.write_engines(out, packages)
    assert set(names) == set(parts)
    assert {path.name for path in out.iterdir()} == {*names.values(), "LICENCE-duckdb.txt"}
