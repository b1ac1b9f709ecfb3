"""Providers that break one promise each, so that every promise is known to notice."""
