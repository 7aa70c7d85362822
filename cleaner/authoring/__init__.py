"""What people who write rule files use: checks, tests, learning, imports, statistics."""
