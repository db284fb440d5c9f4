"""Asking EDGAR by HTTP, against a server of our own on this machine."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.cache import cache

from registrations.edgar import Client, Unreachable, filings_of, list_path, notice_in, source
from registrations.edgar.sources import in_turn

CONTACT = "Example Networks Inc counsel@example.com"
SAVED = Path(__file__).parents[1] / "edgar/story"
LIST = list_path("9999999001")
NOTICE = "Archives/edgar/data/9999999001/999999999503001234/primary_doc.xml"


@dataclass
class Server:
    """What the server answers next, and what it was asked: path, instant and headers."""

    address: str = ""
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)

    def client(self, contact: str = CONTACT, per_second: int = 10, **given) -> Client:
        given.setdefault("wait", lambda seconds: time.sleep(min(seconds, 0.2)))
        return Client(
            contact, per_second=per_second, lists=self.address, archives=self.address, **given
        )


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that answers what it was told to, and then from the saved answers."""
    told = Server()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, time.monotonic(), dict(self.headers)))
            if told.answers:
                status, headers, body = told.answers.pop(0)
            else:
                saved = SAVED / self.path.removeprefix("/")
                status, headers = (200, {}) if saved.is_file() else (404, {})
                body = saved.read_bytes() if saved.is_file() else b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # who asked may have heard enough
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    told.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield told
    http.shutdown()
    http.server_close()
    thread.join(5)


def test_who_asks_is_said_and_every_list_is_read(server):
    rows = filings_of(server.client(), "9999999001", date(2002, 1, 1))

    assert {"S-3", "S-3/A", "EFFECT", "424B3", "10-Q", "8-K"} == {row.form for row in rows}
    assert [path for path, _, _ in server.asked] == [
        f"/{LIST}", "/submissions/CIK9999999001-submissions-001.json",
    ]  # fmt: skip
    assert all(headers["User-Agent"] == CONTACT for _, _, headers in server.asked)


def test_older_lists_are_left_alone_when_nothing_in_them_is_wanted(server):
    filings_of(server.client(), "9999999001", date(2003, 1, 1))

    assert len(server.asked) == 1


@pytest.mark.parametrize("contact", ["", "nobody", "counsel@example.com", "Us\r\nX: y a@b.co"])
def test_nobody_asks_without_saying_who(server, contact):
    with pytest.raises(Unreachable, match="EDGAR_CONTACT must name"):
        server.client(contact)


def test_without_settings_there_is_no_source(settings, tmp_path):
    settings.EDGAR_FOLDER = settings.EDGAR_CONTACT = ""
    assert source() is None
    settings.EDGAR_CONTACT = CONTACT
    assert isinstance(source(), Client)
    settings.EDGAR_FOLDER = str(tmp_path)
    assert not isinstance(source(), Client)


def test_it_asks_no_faster_than_it_may(server):
    client = server.client(per_second=5)
    threads = [threading.Thread(target=client.get, args=[LIST]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    at = sorted(instant for _, instant, _ in server.asked)
    assert len(at) == 6
    assert at[-1] - at[0] >= 0.9  # five gaps of a fifth of a second, less what a thread waits


def test_turns_another_worker_took_in_redis_are_left_to_it():
    began = time.time()
    turn = int(began * 2)
    for taken in (turn, turn + 1):
        cache.add(f"edgar-turn-{taken}", 1, timeout=10)

    in_turn(2)

    assert int(time.time() * 2) == turn + 2


def test_without_redis_it_asks_all_the_same(server, settings):
    """The turns of this process are kept apart then, and nothing is lost."""
    gone = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": gone}

    assert server.client().get(LIST)


def test_more_than_the_commissions_limit_cannot_be_set(server):
    assert server.client(per_second=1_000).per_second == 10


@pytest.mark.parametrize("status", [429, 403, 503])
def test_a_busy_server_is_asked_again_later(server, status):
    waited: list[float] = []
    server.answers = [(status, {"Retry-After": "3"}, b""), (status, {}, b"")]

    answer = server.client(wait=waited.append).get(NOTICE)

    assert notice_in(answer).effective_on == date(2003, 8, 18)
    assert [each for each in waited if each >= 1] == [3.0, 2.0]


def test_it_gives_up_after_a_few_tries_and_says_why(server):
    server.answers = [(429, {}, b"")] * 10

    with pytest.raises(Unreachable, match="EDGAR answered 429"):
        server.client(wait=lambda _: None).get(LIST)
    assert len(server.asked) == 4


def test_it_does_not_wait_for_minutes(server):
    server.answers = [(429, {"Retry-After": "600"}, b"")]

    with pytest.raises(Unreachable, match="600 seconds"):
        server.client().get(LIST)
    assert len(server.asked) == 1


def test_nobody_there(server):
    server.address = "http://127.0.0.1:9"

    with pytest.raises(Unreachable, match="did not answer"):
        server.client(wait=lambda _: None).get(LIST)


def test_a_redirect_is_not_followed(server):
    server.answers = [(302, {"Location": "http://elsewhere.example/"}, b"")]

    with pytest.raises(Unreachable, match="answered 302"):
        server.client().get(LIST)
    assert len(server.asked) == 1


def test_no_such_company(server):
    with pytest.raises(Unreachable) as wrong:
        server.client().get(list_path("5"))
    assert wrong.value.missing


@pytest.mark.parametrize("packed", [False, True], ids=["as it is", "packed small"])
def test_an_answer_too_large_is_refused(server, packed):
    body = b" " * (21 * 1024 * 1024)
    headers = {"Content-Encoding": "gzip"} if packed else {}
    server.answers = [(200, headers, gzip.compress(body) if packed else body)]

    with pytest.raises(Unreachable, match="larger than 20 MB"):
        server.client().get(LIST)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>Your request rate has exceeded", b"[" * 200_000, b'{"cik": "9999999001"}',
        b'{"cik": "9999999001", "filings": {"recent": {"form": ["S-3"]}}}', b"\xff\xfe", b"null",
        b'{"cik": "9999999001", "filings": {"recent": {"accessionNumber": ["x"], "filingDate":'
        b' ["2003-07-15"], "acceptanceDateTime": [""], "fileNumber": [""], "form": [""]}}}',
        b'{"cik": "9999999001", "filings": {"recent": {"accessionNumber": ["9999999001-03-000041"],'
        b' "filingDate": [], "acceptanceDateTime": [""], "fileNumber": [""], "form": [""]}}}',
        b'{"cik": "9999999001", "filings": {"recent": {"accessionNumber": ["9999999001-03-000041"],'
        b' "filingDate": ["soon"], "acceptanceDateTime": [""], "fileNumber": [""], "form": [""]}}}',
        b'{"cik": "9999999001", "filings": {"recent": {"accessionNumber": [], "filingDate": [],'
        b' "acceptanceDateTime": [], "fileNumber": [], "form": []},'
        b' "files": [{"name": "../../etc/passwd"}]}}',
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_no_answer(server, body):
    server.answers = [(200, {}, body)]

    with pytest.raises(Unreachable):
        filings_of(server.client(), "9999999001", date(2003, 1, 1))


EFFECT = (SAVED / NOTICE).read_text(encoding="utf-8")
BOMB = EFFECT.replace(
    '<?xml version="1.0"?>',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
).replace("<form>S-3</form>", "<form>&b;</form>")
OUTSIDE = EFFECT.replace(
    '<?xml version="1.0"?>',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
).replace("<form>S-3</form>", "<form>&a;</form>")


@pytest.mark.parametrize(
    "text",
    [
        "", "<a>", BOMB, OUTSIDE, "<edgarSubmission/>", EFFECT.replace("LIVE", "TEST"),
        EFFECT.replace(">EFFECT<", ">S-3<"), EFFECT.replace("2003-08-18", "soon"),
        EFFECT.replace("2003-08-18", ""), EFFECT.replace("16:00:00", "four"),
        EFFECT.replace("effectiveData", "otherData"), EFFECT + " " * 2_000_000,
        "<a>" * 100_000,
    ],
)  # fmt: skip
def test_a_notice_that_cannot_be_read_is_no_notice(text):
    with pytest.raises(Unreachable):
        notice_in(text.encode())


def test_what_a_notice_of_an_amendment_says():
    text = EFFECT.replace(
        "<form>S-3</form>",
        "<accessionNumber>9999999001-03-000070</accessionNumber>"
        "<submissionType>POS AM</submissionType>",
    ).replace("<finalEffectivenessDispTime>16:00:00</finalEffectivenessDispTime>", "")

    notice = notice_in(text.encode())

    assert (notice.form, notice.of_accession, notice.at) == (
        "POS AM", "9999999001-03-000070", None,
    )  # fmt: skip
    assert notice.file_number == "333-107001"
