"""The types of the schema, named and filed as in ``domain``."""
