"""JupyterHub itself, started lightly: ``python -m ustaz.hub -f jupyterhub_config.py``."""

from ustaz.base.light_start import without_iri_grammar

if __name__ == "__main__":
    without_iri_grammar()
    from jupyterhub.app import main

    main()
