"""`cacnp-archive`, also `python -m cacnp_archive`."""

from cacnp_archive.commands.cli import main

if __name__ == "__main__":
    main()
