"""The life of a contract: extended, ended early, awarded anew, withdrawn from; and the go-live of its area."""
