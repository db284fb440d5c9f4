"""The JSON API: facts in by named acts, dockets with their reasons out.

Reads are resources; writes are acts, each one POST and one call to a service.  Nothing is
ever put, patched or deleted.  A resource is named by its random id or its agreement's slug,
never by a database key.
"""
