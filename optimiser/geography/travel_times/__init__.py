"""How long it takes from place to place: one interface, several sources, each telling what its figures rest on."""
