"""The life of a document: its sections are reviewed, its strategy activated, paused, archived; all of it by its owner."""
