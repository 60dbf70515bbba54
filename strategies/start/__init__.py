"""Starting a strategy: the form of the brief, its drafts, and what a run will take."""
