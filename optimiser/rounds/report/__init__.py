"""What people and other systems are given of a week of rounds: page, maps, GeoJSON, tables, figures."""
