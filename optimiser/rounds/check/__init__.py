"""The check of a week of rounds, by what it judges; it imports nothing of what builds rounds."""
