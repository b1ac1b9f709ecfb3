"""How the tables came about: one history for both databases, run by Alembic.

A new step is a file ``versions/step_NNNN_what.py`` with ``revision``, the ``down_revision`` it follows, ``upgrade`` and
``downgrade``; where the databases differ it asks ``op.get_bind().dialect.name``. Tests hold it to ``tables``.
"""
