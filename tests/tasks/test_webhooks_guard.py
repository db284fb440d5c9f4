"""Where a webhook never goes: into any network that is ours, however its address leads there."""

from __future__ import annotations

import httpcore
import pytest
from django.utils import timezone

from investors.acts import Refused
from notices import outward, webhooks
from notices.models import WebhookAttempt, WebhookEndpoint
from registrations.services import webhooks as acts
from registrations.services.recording import When
from tests.receiver import receiver

METADATA = "the network’s own link, where cloud machines keep their credentials"
PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("127.0.0.1", "this machine itself"),
        ("127.255.255.254", "this machine itself"),
        ("::1", "this machine itself"),
        ("::ffff:127.0.0.1", "this machine itself"),
        ("169.254.169.254", METADATA),
        ("::ffff:169.254.169.254", METADATA),
        ("64:ff9b::a9fe:a9fe", METADATA),
        ("64:ff9b:1::a9fe:a9fe", METADATA),
        ("2002:a9fe:a9fe::1", METADATA),
        ("fe80::1", METADATA),
        ("fe80::1%eth0", METADATA),
        ("168.63.129.16", METADATA),
        ("10.0.0.1", "a private network"),
        ("172.16.0.1", "a private network"),
        ("172.31.255.255", "a private network"),
        ("192.168.1.1", "a private network"),
        ("::ffff:10.0.0.1", "a private network"),
        ("2002:0a00:0001::1", "a private network"),
        ("64:ff9b::10.0.0.1", "a private network"),
        ("fc00::1", "a private network"),
        ("fd00:ec2::254", "a private network"),
        ("fec0::1", "a private network"),
        ("198.18.0.1", "a private network"),
        ("100.64.0.1", "an address set aside"),
        ("100.100.100.200", "an address set aside"),
        ("0.0.0.0", "an address set aside"),  # noqa: S104  # refused, not bound to
        ("::", "an address set aside"),
        ("240.0.0.1", "an address set aside"),
        ("255.255.255.255", "an address set aside"),
        ("192.88.99.1", "an address set aside"),
        ("::7f00:1", "an address set aside"),
        ("::127.0.0.1", "an address set aside"),
        ("224.0.0.1", "many machines at once"),
        ("239.255.255.250", "many machines at once"),
        ("ff02::1", "many machines at once"),
        (PUBLIC, ""),
        ("8.8.8.8", ""),
        ("2606:4700:4700::1111", ""),
        ("64:ff9b::8.8.8.8", ""),
        ("::ffff:8.8.8.8", ""),
        ("172.32.0.1", ""),
    ],
)
def test_which_numbers_are_asked(number: str, why: str) -> None:
    assert outward.forbidden(number) == why


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://169.254.169.254/latest/meta-data/", METADATA),
        ("https://[::ffff:169.254.169.254]/", METADATA),
        ("https://127.0.0.1/", "this machine itself"),
        ("https://localhost/", "this machine itself"),
        ("https://2130706433/", "this machine itself"),
        ("https://0x7f.1/", "this machine itself"),
        ("https://127.1/", "this machine itself"),
        ("https://[::]/", "set aside"),
        ("https://10.1.2.3/", "a private network"),
        (f"http://{PUBLIC}/", "Begin it with https://"),
        (f"ftp://{PUBLIC}/", "Begin it with https://"),
        ("file:///etc/passwd", "Give an address such as"),
        ("gopher://x/", "Begin it with https://"),
        (f"https://{PUBLIC}:22/", "Use port 443 or 8443; this names 22"),
        (f"https://{PUBLIC}:8080/", "Use port 443 or 8443"),
        (f"https://me:secret@{PUBLIC}/", "Leave the name and password out"),
        (f"https://@{PUBLIC}/", "Leave the name and password out"),
        (f"https://{PUBLIC}\\@127.0.0.1/", "Leave the name and password out"),
        (f"https://{PUBLIC}/#part", "without a part after #"),
        ("https:///nowhere", "Give an address such as"),
        ("https://[::1", "This is no address"),
        (f"https://{PUBLIC}:99999/", "Use port 443 or 8443"),
        (f"https://{PUBLIC}/a b", "without spaces"),
        (f"https://{PUBLIC}/\r\nX: 1", "without spaces"),
        ("https://①②⑦.0.0.1/", "plain characters"),
        (f"https://{PUBLIC}/{'x' * 500}", "up to 500"),
        ("hooks", "Give an address such as"),
        ("", "Give an address"),
    ],
)
def test_an_address_is_refused_with_the_reason(url: str, says: str) -> None:
    assert says in outward.wrong_with(url)


@pytest.mark.parametrize(
    "url", [f"https://{PUBLIC}/hook", f"https://{PUBLIC}:8443/", "https://no-such.example/hook?a=1"]
)
def test_any_other_is_taken(url: str) -> None:
    assert outward.wrong_with(url) == ""


def test_a_refusal_names_the_field_and_makes_nothing(bestnet):
    with pytest.raises(Refused) as refused:
        acts.make_webhook(
            agreement=bestnet.agreement, url="https://169.254.169.254/", kinds=["fact.recorded"],
            description="", when=When(timezone.now(), bestnet.counsel),
        )  # fmt: skip

    assert refused.value.field == "url"
    assert refused.value.message == (
        f"169.254.169.254 leads to {METADATA}. Give an address that anybody on the internet "
        "could reach."
    )
    assert not WebhookEndpoint.objects.exists()


# --- a name that gives another number when it is asked ---------------------------------------


class Rebinding:
    """A name that gives a public number to whoever looks, and this machine's afterwards."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return [PUBLIC] if self.asked == 1 else ["127.0.0.1"]


@pytest.fixture
def inside(bestnet):
    """A server on this machine that nobody outside is to reach, and a webhook whose name now
    leads to it."""
    with receiver() as there:
        name = Rebinding()
        endpoint, _ = acts.make_webhook(
            agreement=bestnet.agreement, url="https://rebinds.example/", kinds=["fact.recorded"],
            description="", when=When(timezone.now(), bestnet.counsel), resolve=name,
        )  # fmt: skip
        url = f"http://rebinds.example:{there.port}/"
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=url)
        webhooks.test(WebhookEndpoint.objects.get(), now=timezone.now())
        yield there, name


def test_a_name_that_rebinds_is_judged_when_it_is_asked(inside):
    there, name = inside

    webhooks.relay(timezone.now, backend=outward.Guarded(name))

    assert name.asked == 2, "once when it was made, once when it was asked, and never between"
    assert there.heard == []
    assert WebhookAttempt.objects.get().error == (
        "Not sent. rebinds.example leads to this machine itself. Give an address that anybody "
        "on the internet could reach."
    )


def test_control_unguarded_it_reaches_this_machine(inside):
    there, name = inside

    class Unguarded(httpcore.SyncBackend):
        def connect_tcp(self, host, port, *args, **kwargs):
            return super().connect_tcp(name(host, port)[0], port, *args, **kwargs)

    webhooks.relay(timezone.now, backend=Unguarded())

    assert len(there.heard) == 1


def test_one_private_number_among_public_ones_is_enough():
    backend = outward.Guarded(lambda host, port: [PUBLIC, "10.0.0.1"])

    with pytest.raises(outward.NotAsked):
        backend.connect_tcp("mixed.example", 443)


def test_what_was_judged_is_what_is_connected_to(monkeypatch):
    """The name is looked up once, and the connection made to a number."""
    asked = []
    monkeypatch.setattr(
        httpcore.SyncBackend, "connect_tcp", lambda self, host, *rest: asked.append(host)
    )

    outward.Guarded(lambda host, port: [PUBLIC]).connect_tcp("one.example", 443)

    assert asked == [PUBLIC]


def test_a_server_that_drips_is_cut_off(settings, monkeypatch):
    import socket
    import threading
    import time

    settings.WEBHOOKS_TO_THIS_MACHINE = True
    monkeypatch.setattr(outward, "SECONDS_IN_ALL", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def drip() -> None:
            there, _ = server.accept()
            with there:
                there.sendall(b"HTTP/1.1 200 OK\r\n")
                while not over.wait(0.1):
                    try:
                        there.sendall(b"X: y\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(httpcore.TimeoutException):
            outward.post(
                f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {},
                backend=outward.Guarded(),
            )  # fmt: skip
        assert time.monotonic() - began < 5
        over.set()
        thread.join()
