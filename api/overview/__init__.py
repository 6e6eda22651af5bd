"""What everybody may see: the areas' figures, the price band of a place, the rule book."""
