"""An app for tests alone: kinds of jobs that are slow, fail, or kill their worker."""
