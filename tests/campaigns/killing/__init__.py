"""``kill -9`` of server and solver over mixed work: what was acknowledged is neither lost nor doubled."""
