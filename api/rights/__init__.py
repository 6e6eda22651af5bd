"""What a person asks of the council about their data: that something be put right, or that it be used no more as it is."""
