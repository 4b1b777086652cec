"""What JupyterLab and Notebook are told wherever we start them: at a course, and at a hub."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ustaz_widgets import LABEXTENSIONS

#: Where nbconvert finds the template :data:`EXPORT`.
EXPORTS: Final = Path(__file__).with_name("export")
#: The form in which a notebook is saved as a page that asks for nothing elsewhere.
EXPORT: Final = "ustaz"


def lab_arguments() -> list[str]:
    """Return the settings of a server that has our extension of JupyterLab.

    An installed wheel carries extension and template as well; a server that we start finds them
    where the package lies.
    """
    return [
        f"--LabApp.extra_labextensions_path={LABEXTENSIONS}",
        f"--JupyterNotebookApp.extra_labextensions_path={LABEXTENSIONS}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--HTMLExporter.extra_template_basedirs={EXPORTS}",
        f"--HTMLExporter.template_name={EXPORT}",
    ]
