"""``optimiser`` for shells that call it many times: each call is a process of its own with its arguments, folder, environment,
signals and exit code, but forked from one that has imported the engine and the service already. Importing is what most of a short
command costs; what a start from nothing does is told by ``tests/test_processes.py``.
"""
