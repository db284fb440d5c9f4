"""How a password is hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id in 46 MiB, one pass and one lane, the first of what OWASP's cheat sheet asks.

    Django's own 100 MiB in eight lanes cost several times as much, which anybody could make a
    server pay by guessing: the guesses of a moment would fill its memory and its processors.
    """

    time_cost = 1
    memory_cost = 47104
    parallelism = 1
