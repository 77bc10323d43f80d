"""The commands, and what they say when something cannot be done."""

import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from cli import docs, export, serve
from lti.keys import public_key_set
from store.db import Database
from store.settings import PROJECT_ROOT, get_settings
from tests.cli.conftest import PLATFORM, Command
from web.names import model
from web.redactor import Redactor

CODE = "0123456789abcdef" * 2


def test_help_names_every_group(run: Command) -> None:
    done = run("--help")
    assert done.code == 0
    for name in (
        "serve",
        "invite",
        "db",
        "platform",
        "keys",
        "packs",
        "grant",
        "care",
        "consent",
        "export",
        "demo",
        "docs",
    ):
        assert re.search(rf"^  {name} ", done.out, re.MULTILINE), name


def test_database_commands(run: Command, var_dir: Path) -> None:
    assert "greyarea db upgrade" in run("db", "check").err
    assert run("db", "check").code == 1
    assert run("db", "upgrade").code == 0
    assert run("db", "upgrade").out == "The database is up to date.\n"
    assert run("db", "check").out == "The database is sound.\n"
    done = run("db", "backup")
    copies = list((var_dir / "backups").glob("greyarea-*.db"))
    assert len(copies) == 1 and str(copies[0]) in done.out
    with closing(sqlite3.connect(copies[0])) as copy:
        assert copy.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_backup_in_a_folder_that_cannot_be_made_is_a_plain_error(
    run: Command, var_dir: Path
) -> None:
    run("db", "upgrade")
    file = var_dir / "in-the-way"
    file.write_text("")
    done = run("db", "backup", "--folder", str(file))
    assert (done.code, done.err) == (1, f"Error: {file}: File exists\n")


def test_wrong_variable_is_named(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREYAREA_WEB_PORT", "eighty")
    get_settings.cache_clear()
    done = run("db", "check")
    assert done.code == 1
    assert done.err.startswith("Error: GREYAREA_WEB_PORT: ")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root@127.0.0.1/x", "GREYAREA_DATABASE_URL: unsupported database 'mysql'"),
        ("nonsense", "GREYAREA_DATABASE_URL: "),
        ("postgresql://nobody:pw@127.0.0.1:1/x", "cannot use the database postgresql+psycopg://"),
    ],
)
def test_unusable_database_is_a_plain_error(
    run: Command, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("GREYAREA_DATABASE_URL", url)
    get_settings.cache_clear()
    done = run("db", "check")
    assert done.code == 1
    assert done.err.startswith(f"Error: {said}")
    assert ":pw@" not in done.err


def test_commands_ask_for_the_upgrade_first(run: Command) -> None:
    for arguments in (PLATFORM, ("packs", "publish", "core"), ("platform", "list")):
        done = run(*arguments)
        assert done.code == 1
        assert done.err == "Error: the database is not up to date: run greyarea db upgrade\n"


def test_usage_errors_end_with_2(run: Command) -> None:
    for arguments in (("platform", "add"), ("nonsense",), ("grant", "--institution", "north")):
        done = run(*arguments)
        assert done.code == 2, arguments
        assert "Traceback" not in done.err


def test_packs_check_names_every_problem(run: Command, tmp_path: Path) -> None:
    assert "12 scenarios" in run("packs", "check").out
    (tmp_path / "S01-x-v1.yml").write_text("format: greyarea.scenario/1\nid: S01\nversion: zero\n")
    done = run("packs", "check", str(tmp_path))
    assert done.code == 1
    assert "S01-x-v1.yml:3: version: " in done.err
    assert done.err.count("S01-x-v1.yml:") > 3
    assert run("packs", "check", str(tmp_path / "absent")).code == 1


def test_publish_twice_and_unknown(run: Command) -> None:
    run("db", "upgrade")
    assert "core version 2 is published (" in run("packs", "publish", "core").out
    assert "core version 2 was published before (" in run("packs", "publish", "core").out
    done = run("packs", "publish", "core", "--version", "9")
    assert done.code == 1
    assert done.err.startswith("Error: there is no pack core 9; there is core 1, core 2, ")


def test_platform_added_twice_is_no_error_and_says_so(ready: Command) -> None:
    done = ready(*PLATFORM)
    assert done.code == 0
    assert done.out.startswith(
        "Institution north was there already.\n"
        "Registration north was there already.\n"
        "Deployment 1 was approved.\n"
        "Study default was there already.\n"
    )
    assert "/lti/login/north" in done.out


def test_platform_with_another_address_is_refused(ready: Command) -> None:
    changed = [part.replace("/jwks", "/keys") for part in PLATFORM]
    done = ready(*changed)
    assert done.code == 1
    assert done.err == "Error: registration north is there already with another jwks url\n"


def test_platform_with_a_plain_http_address_is_refused_and_nothing_is_kept(run: Command) -> None:
    run("db", "upgrade")
    done = run(*[part.replace("https://", "http://") for part in PLATFORM])
    assert done.code == 1
    assert "needs https" in done.err
    assert run("platform", "list").out.startswith("No platform is registered")


def test_study_follows_once_the_pack_is_published(run: Command) -> None:
    run("db", "upgrade")
    assert "No study yet" in run(*PLATFORM).out
    assert "has no study" in run("grant", "list", "--institution", "north").err
    run("packs", "publish", "core")
    assert "Study default added, with pack core version 2." in run(*PLATFORM).out


def test_approve_and_list(ready: Command) -> None:
    assert ready("platform", "approve", "--key", "north", "--deployment", "7").code == 0
    listed = ready("platform", "list").out
    assert "north: North University, https://lms.north.example.edu, client abc" in listed
    assert "  deployment 7: approved" in listed
    assert "no registration 'south'" in ready("platform", "approve", "--key", "south").err


def test_grants(ready: Command) -> None:
    give = ("grant", "--institution", "north", "--code", CODE, "--right", "researcher")
    assert ready(*give).out == f"{CODE} is now researcher of north.\n"
    assert ready(*give).code == 0
    listed = ready("grant", "list", "--institution", "north").out
    assert listed.count(CODE) == 1
    take = ("grant", "revoke", "--institution", "north", "--code", CODE, "--right", "researcher")
    assert ready(*take).code == 0
    assert "does not hold" in ready(*take).err
    assert ready("grant", "list", "--institution", "north").out == (
        "Nobody holds a right in north.\n"
    )
    assert ready(*give).code == 0
    assert CODE in ready("grant", "list", "--institution", "north").out


def test_grant_refuses_what_is_no_code_and_unknown_institutions(ready: Command) -> None:
    give = ("grant", "--code", "Ada", "--right", "researcher", "--institution")
    assert "32 hexadecimal digits" in ready(*give, "north").err
    assert ready(*give, "south").err == ("Error: there is no institution 'south'; there is north\n")


def test_export_of_an_empty_study_and_a_folder_that_is_not_there(
    ready: Command, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    done = ready("export", "csv", "--institution", "north", "--out", str(out))
    assert done.out.startswith(f"Wrote 0 responses to {out}.\n0 people have withdrawn so far.")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    done = ready("export", "csv", "--institution", "north", "--out", str(tmp_path / "no" / "x"))
    assert done.code == 1
    assert "there is no folder" in done.err


def test_a_failed_export_leaves_the_file_of_before(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("of before")
    with pytest.raises(RuntimeError), export.whole_file(out) as draft:
        draft.write_text("half")
        raise RuntimeError
    assert out.read_text() == "of before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_serve_needs_the_secret(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREYAREA_BOT_SECRET", raising=False)
    get_settings.cache_clear()
    done = run("serve")
    assert done.code == 1
    assert "GREYAREA_BOT_SECRET is not set" in done.err


def test_demo_refuses_production(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREYAREA_ENV", "production")
    get_settings.cache_clear()
    for arguments in (("demo", "run"), ("demo", "seed", "--learners", "3")):
        assert "does not run in production" in run(*arguments).err


def test_configuration_page_is_current() -> None:
    assert docs.PAGE.read_text(encoding="utf-8") == docs.page(), "run: greyarea docs configuration"


def test_configuration_page_does_not_depend_on_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = docs.page()
    monkeypatch.setenv("GREYAREA_WEB_PORT", "9999")
    assert docs.page() == here
    assert str(Path.home()) not in here


def test_a_new_institution_has_keys_for_its_key_set(ready: Command, var_dir: Path) -> None:
    found = Database.from_url(f"sqlite:///{var_dir / 'greyarea.db'}")
    with found.read() as session:
        keys = public_key_set(session)["keys"]
    found.engine.dispose()
    assert len(keys) == 2 and all("d" not in key for key in keys)


@pytest.mark.parametrize("broken", ["model", "lists"])
def test_serve_does_not_begin_without_what_finds_names(
    ready: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setenv("GREYAREA_BOT_SECRET", "secret")
    data = PROJECT_ROOT / "data" if broken == "model" else tmp_path / "nowhere"
    monkeypatch.setattr(serve, "shared_redactor", lambda: Redactor(data))
    monkeypatch.setattr(model, "MODEL_SHA256", "0" * 64)
    monkeypatch.setattr(serve.WebApplication, "run", lambda _: pytest.fail("it began"))
    get_settings.cache_clear()
    done = ready("serve")
    assert done.code == 1
    wanted = "not those of the model that was checked" if broken == "model" else "given_names.yml"
    assert wanted in done.err and done.err.count("\n") == 1
