"""Few changes worth making."""
