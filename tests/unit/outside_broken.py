"""A dialect that cannot even be imported."""

raise RuntimeError("canary")
