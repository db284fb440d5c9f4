"""What can be done, one act per function.

Every act is keyword-only, takes the day and instant it is recorded at from its caller,
locks the agreement, refuses only contradictions (``Refused``), writes the facts and their
audit trail in one transaction, and in the same transaction rewrites the docket
projections and reconciles the flags of every matter the facts touch.
"""
