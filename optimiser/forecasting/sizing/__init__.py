"""How many hours the contracts of each area should have so that shares hold and little need stays unmet in most draws."""
