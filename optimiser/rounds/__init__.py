"""Rounds: who visits whom, in what order and when, with care workers who meet where a visit needs two.

``story``            all providers, several at a time; each one's week, from visits to records (what ``rounds build`` calls)
``visits_by_shift``  what is to be done: each visit in the shift that can hold it; ``travel_matrix``: the ways between
``shift_problem``    one shift; ``fleet_size``: how many rounds it needs; ``master_rounds``: its week, from a model day on
``day_plan``         one kind of day as planned, and what other days keep of it; ``problem``: one day as plain arrays
``solve/``           the search for a day: annealing over ordered lists, compiled; first clusters; routes and breaks after it
``round_hours``      even hours as they are measured; ``workload_balance``: how a week is made even
``rota``             who works which round on which day; ``recording``: all of it as plain records
``check/``           the check of a week, by what it judges: visits served, runs, weeks; imports nothing of the above
``fitting/``         cheapest insertion of a package into rounds that exist; its check; travel by rounds as allocation's level
``deliverability``   can they deliver it? rounds and providers, planned with the staff that there is (``rounds judge``)
``built``            rounds built and checked in one call, for programs
``report/``          figures, tables, page, maps and GeoJSON of a week; the visits that nobody makes
"""
