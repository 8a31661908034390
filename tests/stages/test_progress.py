"""What the terminal says while a build runs."""

from dagster_project.progress import Progress


def test_a_stage_of_several_runs_says_the_rows_of_each(capsys):
    progress = Progress()
    for rows in (3, 4):
        progress.report("data_packages", 1, 2, {"rows": rows}, worked=True)
        progress.report("data_packages", 2, 2, {"rows": rows}, worked=False)
    said = capsys.readouterr().err.splitlines()
    assert [line.split("checking")[1].strip() for line in said] == ["1 of 2 anew, 6 rows", "1 of 2 anew, 8 rows"]
