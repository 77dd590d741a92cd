"""Build the wheel, install it beside a bare scrapy.cfg, and crawl the replica with it."""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
IGNORED = (".venv*", ".git", "build", "data", "demo", "*.egg-info", ".*_cache")


def run(*command: str | Path, folder: Path) -> str:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return result.stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        shutil.copytree(
            ROOT, source,
            ignore=shutil.ignore_patterns(*IGNORED),
        )  # fmt: skip
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
        run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, source, folder=folder)
        (wheel,) = folder.glob("*.whl")
        # The locked libraries are taken from this environment; the project itself is not seen.
        environment = folder / "venv"
        venv.create(environment, with_pip=True, symlinks=True)
        libraries = run(
            sys.executable, "-c", "import scrapy, os; print(os.path.dirname(scrapy.__path__[0]))",
            folder=folder,
        ).strip()  # fmt: skip
        python = environment / "bin" / "python"
        site = run(python, "-c", "import site; print(site.getsitepackages()[0])", folder=folder)
        run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel, folder=folder)
        (Path(site.strip()) / "locked.pth").write_text(libraries + "\n")
        project = folder / "project"
        project.mkdir()
        (project / "scrapy.cfg").write_text("[settings]\ndefault = cacnp_archive.settings\n")
        script = "import cacnp_archive, spiders, pipelines; print(cacnp_archive.__file__)"
        assert str(environment) in run(python, "-c", script, folder=project)
        assert run(python, "-m", "scrapy", "list", folder=project) == "cacnp\n"
        output = run(environment / "bin" / "cacnp-archive", "demo", folder=project)
        assert "verify: all good" in output, output
        assert (project / "demo" / "archive.db").exists()
    print(f"the wheel works: {wheel.name}")


if __name__ == "__main__":
    main()
