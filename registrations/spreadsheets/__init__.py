"""Files with a register in them, read row by row: what a column is, what a cell says.

Standard library and openpyxl alone: ``read`` runs as a process of its own, with little
memory and little time, because a file from outside may be made to take much of both.
"""
