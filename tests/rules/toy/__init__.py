"""Three rules that no council has: one of each kind that is likely to be added. Nothing outside this folder names them."""
