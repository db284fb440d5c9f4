"""One REDIS_URL, two uses: the jobs' queue in the database it names, the cache in the next one."""

from urllib.parse import parse_qs, urlsplit


def queue_and_cache(url: str) -> tuple[str, str]:
    """The queue's address as Celery writes it and the cache's as Django does.

    They differ for a socket: ``unix:///run/redis.sock?db=0`` is
    ``redis+socket:///run/redis.sock?virtual_host=0`` to Celery.
    """
    parts = urlsplit(url)
    try:
        if parts.scheme == "unix":
            number = int(parse_qs(parts.query).get("db", ["0"])[0])
            return (
                f"redis+socket://{parts.path}?virtual_host={number}",
                f"unix://{parts.path}?db={number + 1}",
            )
        if parts.scheme in {"redis", "rediss"}:
            number = int(parts.path.strip("/") or 0)
            return (
                parts._replace(path=f"/{number}").geturl(),
                parts._replace(path=f"/{number + 1}").geturl(),
            )
    except ValueError:
        pass
    raise ValueError(
        "REDIS_URL must look like redis://host:6379/0, rediss://host:6379/0 "
        "or unix:///path/to/redis.sock?db=0"
    )
