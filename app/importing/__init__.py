"""The run of an import: rows are read, decided by a pool of processes, and stored chunk by chunk in order.

Nothing is imported here: a process that decides needs little of it, and has less to hold.
"""
