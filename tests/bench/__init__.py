"""Measurements: tables for people to read, no tests."""
