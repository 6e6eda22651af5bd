"""What a hospital tells of somebody whom it will send home: notices in any order, and one request for each case."""
