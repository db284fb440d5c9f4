"""Asking a server somebody named, and none that is ours to protect.

An address a person gives may lead into our own network: by a private number, by a name that
gives one, by a name that gives a public one when it is looked at and a private one when it is
asked, by a redirect.  So the name is looked up here, once, every number it gives is judged, and
the connection is made to a number that was judged and not to the name.  No redirect is followed
and no proxy of the environment asked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpcore
import httpx
from django.conf import settings

PORTS = (443, 8443)
SECONDS = 10  # to connect, and for each part of the answer
SECONDS_IN_ALL = 20
MOST_LETTERS = 500
READ_BYTES = 64 * 1024  # of an answer; the rest is not waited for
KEPT_BYTES = 1024

Number = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

# Numbers that count as public and belong to the machine's own host all the same.
_HOSTS_OWN = {ipaddress.ip_address("168.63.129.16")}  # Azure's, where its guests ask
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_RELAYS = ipaddress.ip_network("192.88.99.0/24")  # 6to4, given up in 2015


class NotAsked(httpcore.ConnectError):
    """The address leads where nothing is to be asked.  Says why, in words for counsel."""


class Answer(NamedTuple):
    """What a server answered: its status and the beginning of its text."""

    status: int
    text: str


def look_up(host: str, port: int) -> list[str]:
    """The numbers a name gives now, as the system finds them.  Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def forbidden(given: str) -> str:
    """Why a number is not to be asked, in words; empty where it may be."""
    number = _behind(ipaddress.ip_address(given.partition("%")[0]))
    if number.is_loopback:
        return "" if settings.WEBHOOKS_TO_THIS_MACHINE else "this machine itself"
    if number.is_link_local or number in _HOSTS_OWN:
        return "the network’s own link, where cloud machines keep their credentials"
    if number.is_multicast:
        return "many machines at once"
    if number.is_reserved or number.is_unspecified or number in _RELAYS:
        return "an address set aside"
    if number.is_private or getattr(number, "is_site_local", False):
        return "a private network"
    return "" if number.is_global else "an address set aside"


def _behind(number: Number) -> Number:
    """The IPv4 number an IPv6 one leads to where it does, else the number itself."""
    if isinstance(number, ipaddress.IPv4Address):
        return number
    if any(number in network for network in _NAT64):
        return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    teredo = number.teredo
    return number.ipv4_mapped or number.sixtofour or (teredo[1] if teredo else number)


def wrong_with(url: str, *, resolve: Resolver = look_up) -> str:
    """What keeps an address from being asked, in words; empty where nothing does.

    A name that gives no number now passes: it may yet, and is judged whenever it is asked.
    """
    if len(url) > MOST_LETTERS or not (url.isascii() and url.isprintable()) or " " in url:
        return f"Give an address of up to {MOST_LETTERS} plain characters, without spaces."
    try:
        parts, asked = urlsplit(url), httpx.URL(url)
        host, port = asked.host, asked.port
    except (ValueError, httpx.InvalidURL):
        return "This is no address. Give one such as https://example.com/rightsbook."
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        return "Leave the name and password out: the signature says who asks."
    if parts.fragment or not host:
        return "Give an address such as https://example.com/rightsbook, without a part after #."
    here = settings.WEBHOOKS_TO_THIS_MACHINE and host in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        return "Begin it with https://: what is told is not for others to read."
    if not here and (port or 443) not in PORTS:
        return f"Use port {' or '.join(map(str, PORTS))}; this names {port}."
    try:
        numbers = resolve(host, port or 443)
    except (OSError, UnicodeError):
        return ""
    return next((_leads(host, why) for each in numbers if (why := forbidden(each))), "")


def _leads(host: str, why: str) -> str:
    return f"{host} leads to {why}. Give an address that anybody on the internet could reach."


class _Stream(httpcore.NetworkStream):
    """A connection that is over at an instant, however slowly it is fed."""

    def __init__(self, inner: httpcore.NetworkStream, ends: float) -> None:
        self.inner, self.ends = inner, ends

    def _left(self, timeout: float | None) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("It took too long.")
        return min(left, timeout or left)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self.inner.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Stream(inner, self.ends)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class Guarded(httpcore.SyncBackend):
    """Connects to the number it has judged."""

    def __init__(self, resolve: Resolver = look_up) -> None:
        self.resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        ends = time.monotonic() + SECONDS_IN_ALL
        try:
            numbers = self.resolve(host, port)
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError(f"The name {host} could not be found.") from unknown
        for each in numbers:
            if why := forbidden(each):
                raise NotAsked(_leads(host, why))
        wrong: Exception = httpcore.ConnectError(f"The name {host} gives no address.")
        for each in numbers[:2]:
            try:
                inner = super().connect_tcp(each, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                wrong = failed
            else:
                return _Stream(inner, ends)
        raise wrong


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def post(
    url: str, body: bytes, headers: dict[str, str], *, backend: httpcore.NetworkBackend
) -> Answer:
    """Post a body and give the answer, whatever its status.

    Raises ``NotAsked`` where the address leads to one that is not to be asked, and otherwise
    ``httpcore``'s own where there is no answer.
    """
    # One connection for one request, and no client around it that would follow anything.
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
    with (
        httpcore.ConnectionPool(
            ssl_context=_certificates(), max_connections=1, network_backend=backend
        ) as pool,
        pool.stream(
            "POST",
            url,
            headers=[*headers.items(), ("Connection", "close")],
            content=body,
            extensions={"timeout": timeouts},
        ) as response,
    ):
        said = b""
        try:
            for part in response.iter_stream():
                said += part
                if len(said) >= READ_BYTES:
                    break
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            pass  # the status is the answer; its text is only kept to be looked at
        return Answer(response.status, _kept(said))


def _kept(said: bytes) -> str:
    """The beginning of an answer as text a database takes."""
    return said[:KEPT_BYTES].decode(errors="replace").replace("\0", "�")
