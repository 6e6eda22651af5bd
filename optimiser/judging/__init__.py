"""The rules applied to a county: who may be asked, in which order, how much of each limit is used, and the independent check."""
