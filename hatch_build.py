"""What is made when the package is built or installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED_RULES = Path("cleaner") / "compiled_rules.json"
COMPILE_LOOPS = """
import sys
from pathlib import Path
from Cython.Build import cythonize
from setuptools import Extension, setup
# A product and a sum stay two steps, rounded as NumPy rounds them.
flags = [] if sys.platform == "win32" else ["-O3", "-g0", "-ffp-contract=off"]
loops = [Extension(path.stem, [path.name], extra_compile_args=flags) for path in sorted(Path().glob("*.pyx"))]
setup(name="loops", ext_modules=cythonize(loops), script_args=["-q", "build", "--build-lib", "lib"])
"""


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for wheels, also those of `pip install -e .`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatch before it builds."""
        if self.target_name == "wheel":
            self.compile_rules(build_data)
            self.compile_loops(build_data)

    def compile_rules(self, build_data: dict[str, Any]) -> None:
        """Make the file from which the shipped rules load fast. Without it they are read from TOML, and nothing else changes."""
        made = subprocess.run([sys.executable, "-m", "cleaner.compiled_rules"], cwd=self.root, capture_output=True, text=True)
        if made.returncode == 0:
            build_data["artifacts"].append(COMPILED_RULES.as_posix())
        else:
            (Path(self.root) / COMPILED_RULES).unlink(missing_ok=True)
            self.app.display_warning(f"the rules were not compiled and will load slower: {made.stderr.strip()[-300:]}")

    def compile_loops(self, build_data: dict[str, Any]) -> None:
        """Compile the innermost loops where there is a compiler. Without one the package is whole, and slower."""
        with tempfile.TemporaryDirectory() as scratch:
            # In a folder of its own: setuptools would take the project's pyproject.toml for its configuration.
            for path in (Path(self.root) / "cleaner").glob("*.p[yx][xd]"):
                shutil.copy(path, scratch)
            made = subprocess.run([sys.executable, "-c", COMPILE_LOOPS], cwd=scratch, capture_output=True, text=True)
            built = [path for path in Path(scratch, "lib").glob("*") if path.suffix in (".so", ".pyd")]
            if made.returncode or not built:
                self.app.display_warning(f"no compiled loops, cleaning will take longer: {made.stderr.strip()[-300:]}")
                return
            for path in built:
                target = Path("cleaner") / path.name
                # Not written over: a process that has the old one loaded must not see it change.
                (Path(self.root) / target).unlink(missing_ok=True)
                shutil.copy(path, Path(self.root) / target)
                build_data["artifacts"].append(target.as_posix())
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
