"""The pages investors serve themselves on.

Each starts from one Investor the person acts for; what belongs to another is not there.
"""
