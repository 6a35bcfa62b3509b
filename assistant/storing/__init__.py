"""What outlasts a process, in one database.

    tables      the tables
    opening     a database opened: SQLite or PostgreSQL, its tables brought up to date
    rows        a turn to its row and back, under a seal
    redacting   obvious identifiers out of what is kept
    keeping     conversations, feedback, flags: the keeper that a service uses
    purging     what is too old, removed
    reviewing   what was kept, for review: export and reports
    auditing    where a reply came from, as a signed bundle
    keyring     API keys
    migrations  one file a change of the tables, for Alembic

Only a service and the commands that look at what it kept import this; a single question needs no database.
"""
