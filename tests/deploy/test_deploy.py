"""What lies in deploy/ is run, or at least read as its program reads it."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from cacnp_archive.crawling.monitoring.status_file import read_status
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.settings import USER_AGENT
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, FAST, ROOT, CrawledReplica, run

DEPLOY = ROOT / "deploy"
UNITS = ("cacnp-archive.service", "cacnp-archive.timer", "cacnp-archive-failed@.service")
OPERATOR = "cacnp-archive/0.2 (+https://example.org/; mailto:you@example.org)"
OPTIONS = " ".join(f"-s {name}={value}" for name, value in FAST.items())


def assignments(path: Path) -> dict[str, str]:
    """Return the lines NAME=value of a file."""
    lines = path.read_text().splitlines()
    found = (re.fullmatch(r"([A-Z_]+)=(.*)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((DEPLOY / name).read_text())
    return parser


def user_agents(archive: Archive) -> list[str]:
    database = read_database(archive.database_path)
    found = [row["user_agent"] for row in database.query("SELECT user_agent FROM crawls")]
    database.close()
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a checkout as the README makes it, but with this environment as its `.venv`."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("cacnp_archive", "pipelines", "spiders", "scrapy.cfg"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("scrapy", "cacnp-archive"):
        (folder / ".venv" / "bin" / name).symlink_to(BIN / name)
    return folder


def bare(
    command: str, environment: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a shell command as cron does: in next to no environment."""
    words = [f"{name}={value}" for name, value in environment.items()]
    return run("env", "-i", "PATH=/usr/bin:/bin", *words, "/bin/sh", "-c", command, folder=folder)


def test_operator_is_named_in_one_place() -> None:
    told = [assignments(DEPLOY / name) for name in ("cacnp-archive.env", "crontab")]
    assert {each["CACNP_USER_AGENT"] for each in told} == {OPERATOR}
    script = "from cacnp_archive.settings import USER_AGENT; print(USER_AGENT)"
    for given, expected in ((OPERATOR, OPERATOR), ("", USER_AGENT)):
        result = run(sys.executable, "-c", script, environment={"CACNP_USER_AGENT": given})
        assert result.stdout == f"{expected}\n"


@pytest.mark.parametrize("name", ["two\nlines", "a\tb", "Zürich", " "])
def test_user_agent_that_is_no_header_is_refused(name: str, tmp_path: Path) -> None:
    environment = {"CACNP_USER_AGENT": name, "CACNP_DATA_DIR": str(tmp_path)}
    result = run(BIN / "scrapy", "crawl", "cacnp", environment=environment)
    assert result.returncode == 2
    assert "CACNP_USER_AGENT" in result.stderr
    assert list(tmp_path.iterdir()) == []


def crontab_command() -> str:
    lines = (DEPLOY / "crontab").read_text().splitlines()
    (command,) = [
        match[1] for line in lines if (match := re.fullmatch(r"\d+ \d+ \* \* \* (.*)", line))
    ]
    assert "%" not in command  # cron would read it as the end of the line
    return command


def crontab_environment(home: Path, archive: Archive, options: str) -> dict[str, str]:
    own = {"CACNP_HOME": str(home), "CACNP_DATA_DIR": str(archive.folder)}
    environment = assignments(DEPLOY / "crontab")
    assert own.keys() < environment.keys()
    return {**environment, **own, "CACNP_OPTIONS": f"{environment['CACNP_OPTIONS']} {options}"}


def test_crontab_crawls_in_next_to_no_environment_and_mails_nothing(
    home: Path, tmp_path: Path
) -> None:
    archive = Archive(tmp_path / "data")
    with ReplicaServer(build_site(first=8)) as server:
        options = f"{OPTIONS} -a base_url={server.base_url}"
        environment = crontab_environment(home, archive, options)
        result = bare(crontab_command(), environment, tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    status = read_status(archive)
    assert status is not None
    assert (status.state, status.exit_code, status.reason) == ("finished", 0, "finished")
    assert user_agents(archive) == [OPERATOR]


def test_crontab_mails_nothing_of_a_night_that_a_limit_ended(home: Path, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "data")
    with ReplicaServer(build_site(first=8)) as server:
        options = f"{OPTIONS} -a base_url={server.base_url} -s CACNP_MAX_REQUESTS=10"
        environment = crontab_environment(home, archive, options)
        result = bare(crontab_command(), environment, tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (5, "", "")


@pytest.mark.parametrize(
    ("options", "exit_code", "told"),
    [
        ("-a base_url=http://127.0.0.1:1/ -s RETRY_TIMES=0", 1, "nothing was archived: "),
        ("-s DOWNLOAD_DELAY=soon", 2, "DOWNLOAD_DELAY must be a number"),
    ],
)
def test_crontab_mails_what_is_worth_a_look(
    options: str, exit_code: int, told: str, home: Path, tmp_path: Path
) -> None:
    environment = crontab_environment(home, Archive(tmp_path / "data"), options)
    result = bare(crontab_command(), environment, tmp_path)
    assert result.returncode == exit_code
    assert told in result.stdout
    assert result.stdout.endswith(f"\nexit code {exit_code}\n")


def test_crontab_without_a_home_fails_aloud(tmp_path: Path) -> None:
    environment = crontab_environment(tmp_path / "none", Archive(tmp_path / "data"), "")
    result = bare(crontab_command(), environment, tmp_path)
    assert result.returncode != 0
    assert str(tmp_path / "none") in result.stderr


def test_service_starts_the_crawl_with_what_the_environment_file_says() -> None:
    service = unit("cacnp-archive.service")["Service"]
    words = service["ExecStart"].split()
    home = service["WorkingDirectory"]
    assert words == [f"{home}/.venv/bin/scrapy", "crawl", "cacnp", "$CACNP_OPTIONS"]
    assert Path(service["EnvironmentFile"]).name == "cacnp-archive.env"
    assert service["Environment"] == f"CACNP_DATA_DIR=/var/lib/{service['StateDirectory']}"
    assert (service["SuccessExitStatus"], service["KillSignal"]) == ("5", "SIGINT")
    environment = assignments(DEPLOY / "cacnp-archive.env")
    assert environment.keys() == {"CACNP_USER_AGENT", "CACNP_OPTIONS"}
    cron = assignments(DEPLOY / "crontab")
    assert (cron["CACNP_HOME"], f"CACNP_DATA_DIR={cron['CACNP_DATA_DIR']}") == (
        home,
        service["Environment"],
    )


def test_units_name_each_other() -> None:
    assert unit("cacnp-archive.timer")["Install"]["WantedBy"] == "timers.target"
    assert unit("cacnp-archive.timer")["Timer"]["Persistent"] == "true"
    failed = unit("cacnp-archive.service")["Unit"]["OnFailure"]
    assert failed == "cacnp-archive-failed@%n.service"
    command = unit("cacnp-archive-failed@.service")["Service"]["ExecStart"]
    assert shlex.split(command)[-2:] == ["sh", "%i"]


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in UNITS:  # the programs of the operator's machine are not on this one
        text = (DEPLOY / name).read_text()
        (tmp_path / name).write_text(
            text.replace("/opt/cacnp-archive/.venv/bin/scrapy", "/bin/true")
        )
    failed = tmp_path / "cacnp-archive-failed@x.service"
    (tmp_path / UNITS[2]).rename(failed)
    paths = [tmp_path / UNITS[0], tmp_path / UNITS[1], failed]
    result = run("systemd-analyze", "verify", "--man=no", *paths)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    (tmp_path / UNITS[0]).write_text("[Service]\nExecStart=relative\n")
    assert run("systemd-analyze", "verify", "--man=no", tmp_path / UNITS[0]).returncode != 0


def test_failure_unit_mails_the_end_of_the_log(tmp_path: Path) -> None:
    command = unit("cacnp-archive-failed@.service")["Service"]["ExecStart"]
    for name, body in (("systemctl", 'echo "status of $4"'), ("mail", 'echo "$@"; cat')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "crawl.log").write_text("the last line\n")
    command = command.replace("/var/lib/cacnp-archive/state", str(tmp_path))
    words = [word.replace("$$", "$") for word in shlex.split(command.replace("%i", "x.service"))]
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = run(*words, environment=path)
    assert result.stdout == ("-s x.service failed root\nstatus of x.service\nthe last line\n")


def alerts() -> Iterator[dict[str, str]]:
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]:
        yield from group["rules"]


def test_alerts_ask_for_metrics_that_are_written(replica: CrawledReplica) -> None:
    text = (replica.archive.state_folder / "metrics.prom").read_text()
    written = {
        sample.name for family in text_string_to_metric_families(text) for sample in family.samples
    }
    asked = {name for rule in alerts() for name in re.findall(r"cacnp_archive_\w+", rule["expr"])}
    assert len(asked) >= 6
    assert asked <= written


def test_alerts_say_what_they_mean() -> None:
    rules = list(alerts())
    assert len({rule["alert"] for rule in rules}) == len(rules)
    assert all(rule["annotations"]["summary"] for rule in rules)  # type: ignore[index]
    if promtool := shutil.which("promtool"):
        assert run(promtool, "check", "rules", DEPLOY / "alerts.yml").returncode == 0


def containerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile, which has none of two lines."""
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    return [
        (line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line and line[0] != "#"
    ]


def instruction(name: str) -> str:
    (words,) = [words for each, words in containerfile() if each == name]
    return words


def test_container_runs_as_nobody_in_particular_and_keeps_its_data_in_a_volume() -> None:
    assert instruction("USER") != "root"
    assert f"CACNP_DATA_DIR={instruction('VOLUME')}" in instruction("ENV").split()
    assert instruction("STOPSIGNAL") == unit("cacnp-archive.service")["Service"]["KillSignal"]


def test_container_has_all_that_the_crawl_needs(tmp_path: Path) -> None:
    """The image's folder is made as COPY says, installed as RUN says, run as ENTRYPOINT says."""
    app, site, data = tmp_path / "app", tmp_path / "site", tmp_path / "data"
    app.mkdir()
    shown = [line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"]
    for words in (words for name, words in containerfile() if name == "COPY"):
        *sources, target = words.split()
        for source in sources:
            assert source in shown
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, app / target)
            else:
                shutil.copy(ROOT / source, app / target)
    installing = [words for name, words in containerfile() if name == "RUN" and "pip" in words]
    assert installing[0].endswith("--require-hashes -r requirements.lock")
    assert "--no-deps --no-build-isolation ." in installing[1]
    pip = [sys.executable, "-m", "pip", *installing[1].split()[1:], "--target", str(site)]
    result = run(*pip, folder=app)
    assert result.returncode == 0, result.stderr
    environment = {"PYTHONPATH": str(site), "CACNP_DATA_DIR": str(data)}
    words = re.findall(r'"([^"]*)"', instruction("ENTRYPOINT"))
    path = {"PATH": f"{site}/bin:{BIN}:/usr/bin:/bin"}
    with ReplicaServer(build_site(first=8)) as server:
        command = " ".join([*words, *OPTIONS.split(), "-a", f"base_url={server.base_url}"])
        result = bare(command, {**environment, **path}, app)
        assert result.returncode == 0, result.stderr
    check = instruction("HEALTHCHECK").partition("CMD ")[2].replace("/data", str(data))
    status = data / "state" / "status.json"
    assert bare(check, {}, app).returncode == 0
    silent_since = status.stat().st_mtime - 6 * 60
    os.utime(status, (silent_since, silent_since))
    assert bare(check, {}, app).returncode == 1
    status.unlink()
    assert bare(check, {}, app).returncode == 1


def test_container_is_built_where_there_is_an_engine() -> None:
    engines = [name for name in ("podman", "docker") if shutil.which(name)]
    running = [name for name in engines if run(name, "info").returncode == 0]
    if not running:
        pytest.skip(f"no container engine runs here (found: {engines}); its steps were tried above")
    command = (running[0], "build", "-q", "-f", DEPLOY / "Containerfile", "-t", "cacnp-test", ROOT)
    result = run(*command)
    assert result.returncode == 0, result.stderr
    listed = run(running[0], "run", "--rm", "--entrypoint", "scrapy", "cacnp-test", "list")
    assert listed.stdout == "cacnp\n"
