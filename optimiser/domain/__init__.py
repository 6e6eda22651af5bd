"""What exists: packages of care, providers, contracts. Standard library only."""
