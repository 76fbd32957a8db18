"""A PowerShell with a stand-in server, on which the scripts of this project run."""
