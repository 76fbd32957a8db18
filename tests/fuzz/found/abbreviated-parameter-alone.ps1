New-ADSyncRule -Source	'a"b'
