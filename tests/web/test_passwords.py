"""Which passwords are taken: none that is known from a breach of another site."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import httpx
import pytest
from django.contrib.auth import password_validation
from pwned_passwords_django.api import PwnedPasswords
from pwned_passwords_django.validators import PwnedPasswordsValidator

from investors.models import User
from tests.web.accounts import NEW, browser, refused
from tests.world import PASSWORD

pytestmark = pytest.mark.usefixtures("nobody_counted", "told_at_once")


class Answers(httpx.MockTransport):
    """The service that knows breached passwords: it is told five letters of a digest."""

    def __init__(self, *known: str, down: bool = False) -> None:
        self.asked: list[httpx.Request] = []
        self.digests = [hashlib.sha1(p.encode()).hexdigest().upper() for p in known]  # noqa: S324
        self.down = down
        super().__init__(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.down:
            return httpx.Response(503)
        prefix = request.url.path.rpartition("/")[2]
        rest = [d[5:] for d in self.digests if d.startswith(prefix)]
        return httpx.Response(200, text="".join(f"{each}:12\r\n" for each in rest))


@pytest.fixture
def breaches(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answers]:
    """Look every new password up, with an answer of the test's own."""

    def answering(*known: str, down: bool = False) -> Answers:
        service = Answers(*known, down=down)
        client = PwnedPasswords(client=httpx.Client(transport=service))
        monkeypatch.setattr(password_validation, "get_default_password_validators", lambda: [
            *validators, PwnedPasswordsValidator("It is known from a breach.", api_client=client),
        ])  # fmt: skip
        return service

    validators = password_validation.get_default_password_validators()
    return answering


def chosen(person: User, password: str):
    client = browser(person)
    typed = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    return client.post("/account/password/", typed)


def test_a_password_known_from_a_breach_is_refused_and_is_told_to_nobody(bestnet, breaches):
    service = breaches("a long password of theirs")

    page = refused(chosen(bestnet.counsel, "a long password of theirs"))

    assert "known from a breach" in page.text
    (request,) = service.asked
    assert len(request.url.path.rpartition("/")[2]) == 5
    assert request.content == b""
    assert chosen(bestnet.reader, NEW).status_code == 302


def test_with_nobody_to_ask_a_password_is_taken_unless_it_is_a_common_one(bestnet, breaches):
    breaches(down=True)

    assert chosen(bestnet.counsel, NEW).status_code == 302
    assert "too common" in refused(chosen(bestnet.reader, "qwerty123456")).text
