"""The plan of a migration, one concern a module."""
