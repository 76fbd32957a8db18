"""Move synchronization rules between servers."""
