"""PowerShell's reading of scripts, recorded, and this reader's beside it."""
