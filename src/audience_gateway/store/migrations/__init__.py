"""How the tables came about: one history for both databases, run by Alembic."""
