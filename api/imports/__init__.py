"""A snapshot folder taken into a county that is there already: what differs is listed first, then written all or nothing."""
