"""What a trainer needs to survive preemptions, knowing no model: see README.md."""
