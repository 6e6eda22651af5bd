"""What would come of a request or of other needs, before anything is written."""
