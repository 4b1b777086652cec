"""Ustaz: a training course and workbooks for non-positional teacher leadership."""

from ustaz.base.version import __version__ as __version__


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    """Tell Jupyter Server what to load; imported only where a server runs."""
    from ustaz.server.host.extension import UstazApp

    return [{"module": "ustaz", "app": UstazApp}]
