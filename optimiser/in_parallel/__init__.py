"""One way to do many independent tasks of one piece of work: here on several processes, whatever they are (rounds of providers,
draws of a forecast, failures). ``story`` is all that callers need; where tasks are done is an engine (``piece_of_work``).
"""
