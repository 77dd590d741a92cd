"""Build the wheel and try it beside a bare scrapy.cfg: the core alone, then with its extras.

The locked libraries are taken from this environment, through links, so nothing is downloaded. The
core sees only those of requirements.lock: a library that it needs and that is not locked is missed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
IGNORED = (".venv*", ".git", "build", "data", "demo", "*.egg-info", ".*_cache")
WITHOUT_EXTRAS = {
    ("plot", "kinds", "--out", "kinds.svg"): "a chart needs altair",
    ("report", "--html", "report.html"): "report --html needs altair",
    ("desk",): "the desk needs datasette",
    ("export", "posts", "--format", "parquet", "--out", "posts.parquet"): "Parquet needs pyarrow",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build_wheel(folder)
        environment = folder / "venv"
        venv.create(environment, with_pip=True, symlinks=True)
        python = environment / "bin" / "python"
        run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel, folder=folder)
        libraries = link_libraries(folder / "core", "requirements.lock")
        site = run(python, "-c", "import site; print(site.getsitepackages()[0])", folder=folder)
        path_file = Path(site.strip()) / "locked.pth"
        path_file.write_text(f"{libraries}\n")
        project = folder / "project"
        project.mkdir()
        (project / "scrapy.cfg").write_text("[settings]\ndefault = cacnp_archive.settings\n")
        check_core(python, project)
        path_file.write_text(f"{link_libraries(folder / 'full', 'requirements-full.lock')}\n")
        check_extras(python, project)
    print(f"the wheel works: {wheel.name}")


def build_wheel(folder: Path) -> Path:
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*IGNORED))
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, source, folder=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def link_libraries(folder: Path, lock: str) -> Path:
    """Make a folder of links to the installed libraries that a lock names, and to no others."""
    folder.mkdir()
    for line in (ROOT / lock).read_text().splitlines():
        if line.startswith((" ", "#")):
            continue
        locked = Requirement(line.removesuffix("\\"))
        if locked.marker is not None and not locked.marker.evaluate():
            continue
        installed = distribution(locked.name)
        for top in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
            link = folder / top
            if not link.exists():  # a namespace package belongs to several
                link.symlink_to(Path(str(installed.locate_file(top))))
    return folder


def check_core(python: Path, project: Path) -> None:
    command = python.parent / "cacnp-archive"
    script = "import cacnp_archive, spiders, pipelines; print(cacnp_archive.__file__)"
    assert str(python.parent.parent) in run(python, "-c", script, folder=project)
    assert run(python, "-m", "scrapy", "list", folder=project) == "cacnp\n"
    output = run(command, "demo", folder=project)
    assert "verify: all good" in output, output
    assert "desk" not in output.partition("Try next")[2], output
    assert (project / "demo" / "archive.db").exists()
    archive = (command, "--data-dir", "demo")
    assert run(*archive, "verify", folder=project).startswith("all good: ")
    assert json.loads(run(*archive, "search", "missile", "--json", folder=project))["articles"]
    assert json.loads(run(*archive, "status", "--json", folder=project))["is_ok"]
    parsed = json.loads(run(*archive, "parse", "/", folder=project))
    assert parsed["differing"] == [], parsed["differing"]
    for words, message in WITHOUT_EXTRAS.items():
        error = run(*archive, *words, folder=project, exit_code=1)
        assert error.startswith(f"cacnp-archive: {message}"), error
        assert error.count("\n") == 1, error


def check_extras(python: Path, project: Path) -> None:
    archive = (python.parent / "cacnp-archive", "--data-dir", "demo")
    for words in WITHOUT_EXTRAS:
        if words != ("desk",):
            run(*archive, *words, folder=project)
            assert (project / words[-1]).stat().st_size > 0, words
    script = "from cacnp_archive.desk import plugin; print(plugin.Desk.__name__)"
    assert run(python, "-c", script, folder=project) == "Desk\n"


def run(*command: str | Path, folder: Path, exit_code: int = 0) -> str:
    """Run a command and return what it printed; exits when its exit code is another."""
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode != exit_code:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return result.stdout if exit_code == 0 else result.stderr


if __name__ == "__main__":
    main()
