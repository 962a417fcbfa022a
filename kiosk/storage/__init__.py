"""SQLModel tables, repositories, unit of work, migrations, backup and encryption."""
