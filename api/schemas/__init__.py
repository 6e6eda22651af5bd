"""What requests and answers look like: pydantic models with the names of the snapshot's columns."""
