"""The commands of `cacnp-archive`, each in the module of its name."""
