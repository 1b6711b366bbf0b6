"""The installed package: beside a user's own ``core``, with NumPy alone, and what it says where more is needed.

The wheel is built from a copy of the sources and installed into virtual environments made anew. To stay quick, and to
need no network, an environment finds its other packages by a ``.pth`` file: the first those of this environment, the
second links to NumPy alone.
"""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import yaml

import core
from core.__main__ import main
from core.program import EXTRAS, ExtraError, loaded

ROOT = Path(__file__).parents[1]
SITE = Path(sysconfig.get_path("purelib"))
MINE = """
    from torch import nn

    from core.width import WIDTH


    def build():
        return nn.Sequential(nn.Conv2d(3, WIDTH, 3, 2, 1), nn.ReLU(), nn.Conv2d(WIDTH, WIDTH, 3, padding=1))
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: building leaves folders beside the sources, and takes up what it left there before."""
    folder = tmp_path_factory.mktemp("sources")
    shutil.copytree(ROOT / "core", folder / "core", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(sources: Path) -> Path:
    """Built from the copy."""
    folder = sources
    printed(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        ".",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        "dist",
        folder=folder,
    )
    (built,) = (folder / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def beside_all(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that had every package of this one before, PyTorch among them."""
    return installed(wheel, tmp_path_factory.mktemp("all"), SITE)


@pytest.fixture(scope="module")
def beside_nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with every package but this one."""
    return made_anew(tmp_path_factory.mktemp("nothing"), SITE)


@pytest.fixture(scope="module")
def beside_numpy(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that had NumPy alone before."""
    links = tmp_path_factory.mktemp("numpy-alone")
    for path in SITE.glob("numpy*"):
        (links / path.name).symlink_to(path)
    return installed(wheel, tmp_path_factory.mktemp("numpy"), links)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's own code, with a package named core."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").write_text('OWNER = "the user"\n')
    (tmp_path / "core" / "width.py").write_text("WIDTH = 8\n")
    (tmp_path / "my.py").write_text(textwrap.dedent(MINE))
    return tmp_path


def test_every_package_of_the_folder_is_listed_for_installation() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {path.parent for path in (ROOT / "core").rglob("*.py")}
    names = {".".join(("receptive_fields", *folder.relative_to(ROOT / "core").parts)) for folder in folders}
    assert set(settings["packages"]) == names


def test_the_wheel_holds_every_file_and_requires_numpy_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.partition("/")[0].endswith(".dist-info")}
        (metadata,) = (archive.read(name) for name in archive.namelist() if name.endswith("METADATA"))
    files = {path.relative_to(ROOT / "core") for path in (ROOT / "core").rglob("*") if path.suffix in (".py", ".typed")}
    assert names == {f"receptive_fields/{path.as_posix()}" for path in files}
    assert "receptive_fields/py.typed" in names
    required = message_from_bytes(metadata).get_all("Requires-Dist") or []
    assert [line for line in required if "extra ==" not in line] == ["numpy>=1.26"]


def test_a_design_is_checked_in_a_project_that_has_its_own_core(beside_all: Path, project: Path) -> None:
    answer = printed(
        beside_all / "receptive-fields", "check", "my.py:build", "--input", "3x96x96", "--json", folder=project
    )
    document = json.loads(answer)
    assert document["model"] == "my.py:build"
    assert "parity" in [finding["code"] for finding in document["findings"]]


def test_both_packages_are_imported_in_one_program(beside_all: Path, project: Path) -> None:
    program = """
        import sys
        import core, receptive_fields as rf
        assert "torch" not in sys.modules
        analysis = rf.DesignAnalysis(rf.design_of("15x15; conv k3 p1 x4"))
        import my
        traced = rf.DesignAnalysis(rf.module_design(my.build(), (3, 96, 96)))
        print(core.OWNER, core.width.WIDTH, analysis.counts.at((0, 0)), traced.period)
    """
    assert printed(beside_all / "python", "-c", textwrap.dedent(program), folder=project) == "the user 8 1225 (2, 2)\n"


def test_a_project_asserts_about_its_own_module_in_its_own_tests(beside_all: Path, project: Path) -> None:
    test = """
        import pytest
        from my import build
        from receptive_fields.testing import assert_budget, assert_no_grid, assert_sees, assert_tiles

        def test_design():
            assert_sees(build(), 7, input=(3, 96, 96))
            assert_tiles(build(), 4, input=(3, 96, 96))
            assert_budget("my.py:build@3x96x96", parity=4)
            with pytest.raises(AssertionError, match="neighbouring pixels are read unequally 4 times"):
                assert_no_grid(build(), (3, 96, 96))
    """
    (project / "test_my.py").write_text(textwrap.dedent(test))
    assert "1 passed" in printed(beside_all / "python", "-m", "pytest", "-p", "no:cacheprovider", folder=project)


def test_the_action_installs_and_checks_with_the_commands_it_holds(
    sources: Path, beside_nothing: Path, project: Path
) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    usual = {name: given["default"] for name, given in action["inputs"].items()}
    assert all(given["description"] for given in action["inputs"].values())
    install, check = action["runs"]["steps"]
    for step, designs, options, status in (
        (install, "", "", 0),
        (check, "my.py:build@3x96x96\n\n", "", 0),
        (check, "64; conv k1 s2\n 9; conv k3", "--budget field=1", 1),
    ):
        inputs = {**usual, "designs": designs, "options": options, "pip-index": ""}
        variables = action_environment(step, inputs, sources, beside_nothing)
        ended = run("bash", "-e", "-o", "pipefail", "-c", step["run"], folder=project, **variables)
        assert ended.returncode == status, ended.stderr
        if step is check:
            (document,) = json.loads((project / usual["sarif"]).read_text())["runs"]
            told = [result["properties"]["design"] for result in document["results"]]
            assert list(dict.fromkeys(told)) == [line.strip() for line in designs.splitlines() if line]


def test_the_hook_checks_the_designs_of_the_project(beside_all: Path, project: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert set(hook) == {"id", "name", "description", "entry", "language", "pass_filenames", "types_or"}
    assert (hook["language"], hook["pass_filenames"]) == ("system", False)
    program, *arguments = shlex.split(hook["entry"])
    table = '[tool.receptive-fields]\ndesigns = ["64x64; conv k3 s2 p1"]\nfail-on = "{}"\n'
    for level, status in (("error", 0), ("warning", 1)):
        (project / "pyproject.toml").write_text(table.format(level))
        assert run(beside_all / program, *arguments, folder=project).returncode == status


def test_installing_leaves_every_other_package_alone(beside_all: Path) -> None:
    program = "from importlib.metadata import distributions as d; print(sorted({(p.name, p.version) for p in d()}))"
    before = set(ast.literal_eval(printed(sys.executable, "-c", program, folder=ROOT)))
    after = set(ast.literal_eval(printed(beside_all / "python", "-c", program, folder=ROOT)))
    assert {name for name, _ in after - before} == {"receptive-fields"}
    assert {path.name.partition("-")[0] for path in packages_of(beside_all).iterdir()} == {
        "receptive_fields",
        "packages.pth",
    }


def test_the_installed_command_goes_by_its_own_name(beside_numpy: Path, tmp_path: Path) -> None:
    program = beside_numpy / "receptive-fields"
    for arguments in (["--help"], ["paths", "--help"], ["check", "--help"]):
        shown = printed(program, *arguments, folder=tmp_path)
        assert "receptive-fields " in shown
        assert "python -m" not in shown
    assert "receptive-fields --help" in refusal(program, folder=tmp_path)


def test_counting_needs_numpy_alone(beside_numpy: Path, tmp_path: Path) -> None:
    answer = printed(beside_numpy / "receptive-fields", "paths", "15x15; conv k3 p1 x4", "--json", folder=tmp_path)
    assert json.loads(answer)["counts"][0][0] == "1225"
    for command in ("field", "check", "remedies"):
        assert printed(beside_numpy / "receptive-fields", command, "32; conv k3 s2 p1 x3", folder=tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "my.py:build", "--input", "3x96x96"],
        ["paths", "timm:resnet50"],
        ["erf", "33x33; conv k3 p1 x6"],
        ["train", "12x12; conv k3 x4"],
        ["coverage"],
    ],
)
def test_without_pytorch_one_line_says_what_to_install(arguments: list[str], beside_numpy: Path, project: Path) -> None:
    said = refusal(beside_numpy / "receptive-fields", *arguments, folder=project)
    assert said == "models need PyTorch: pip install 'receptive-fields[live]'\n"


@pytest.mark.parametrize("package", EXTRAS)
def test_a_missing_package_is_told_with_the_extra_that_brings_it(
    package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "needy.py").write_text(f"import {package}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    requirement = {"PIL": "pillow"}.get(package, package)
    assert any(line.startswith(requirement) for line in extras[EXTRAS[package][1]])
    with pytest.raises(ExtraError, match=rf"need.*: pip install '\.\[{EXTRAS[package][1]}\]'"):
        loaded("needy")


def test_a_missing_package_of_no_extra_is_an_error_of_the_code() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        loaded("no_such_package")


def test_without_the_zoo_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded("core.live.sources.libraries").torchvision.cache_clear()
    monkeypatch.setitem(sys.modules, "torchvision", None)
    assert main(["check", "torchvision:vgg16"]) == 2
    assert capsys.readouterr().err == "models of the zoo need torchvision: pip install '.[zoo]'\n"


def test_every_public_name_is_there_and_loads_what_a_type_checker_reads() -> None:
    tree = ast.parse((ROOT / "core" / "__init__.py").read_text())
    (guarded,) = (node for node in tree.body if isinstance(node, ast.If))
    declared = {
        (f".{line.module}", name.name)
        for line in guarded.body
        if isinstance(line, ast.ImportFrom)
        for name in line.names
    }
    assert declared == {(module, name) for name, module in core._MODULE_OF.items()}
    assert all(getattr(core, name).__module__.startswith("core.") for name in core.__all__)
    assert set(core.__all__) <= set(dir(core))
    with pytest.raises(AttributeError, match="no attribute 'pasre'"):
        _ = core.pasre


def action_environment(step: dict[str, Any], inputs: dict[str, str], sources: Path, programs: Path) -> dict[str, str]:
    """What a step of the action finds in its environment, filled in as GitHub does."""
    values = {"github.action_path": str(sources), **{f"inputs.{name}": text for name, text in inputs.items()}}
    filled = {
        name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: values[match[1]], text)
        for name, text in step["env"].items()
    }
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}  # the latter: what pip reads as no isolation
    return {**offline, **filled, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def installed(wheel: Path, folder: Path, packages: Path) -> Path:
    """Where the programs lie of an environment made anew with the wheel, its requirements met by ``packages``."""
    programs = made_anew(folder, packages)
    pip = [sys.executable, "-m", "pip", "--python", programs / "python"]
    printed(*pip, "install", "--no-index", wheel, folder=ROOT)
    return programs


def made_anew(folder: Path, packages: Path) -> Path:
    """Where the programs lie of an environment that finds its packages elsewhere."""
    printed(sys.executable, "-m", "venv", "--without-pip", folder, folder=ROOT)
    programs = folder / "bin"
    (packages_of(programs) / "packages.pth").write_text(f"{packages}\n")
    return programs


def packages_of(programs: Path) -> Path:
    """Where an environment keeps what is installed into it."""
    (folder,) = programs.parent.glob("lib/python*/site-packages")
    return folder


def printed(*command: str | Path, folder: Path) -> str:
    """What a program prints that ends well."""
    ended = run(*command, folder=folder)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def refusal(*command: str | Path, folder: Path) -> str:
    """What a program says on standard error that refuses."""
    ended = run(*command, folder=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    return ended.stderr


def run(*command: str | Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A program that ended, started in ``folder`` as from a shell that knows of no Python package."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | variables
    return subprocess.run(list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("path", sorted((ROOT / "core").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_in_the_package_calls_it_by_the_name_of_its_folder(path: Path) -> None:
    """Installed it is another; ``python -m core`` is the one way to say so of a checkout."""
    text = path.read_text(encoding="utf-8").replace('__name__.partition(".")[0] != "core"', "")
    assert re.findall(r"\bcore\.\w+|(?:from|import) core\b", text) == []
