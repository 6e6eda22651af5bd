"""The pages of somebody at a provider: what is its own, and nothing else."""
