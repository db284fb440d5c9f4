"""What every view of the API shares: who asks, about what, as of which day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from investors.acts import Refused
from investors.models import Agreement, Investor, User
from notices.models import Delivery, Notice

from ..models import Demand
from ..problems import TooLarge
from ..rules.days import say
from ..services.recording import When
from .fields import FIELDS, only
from .once import once
from .seen import as_seen, compare, state_of
from .throttling import UnlessRedisIsGone

MOST_BYTES = 5 * 1024 * 1024


class Door(APIView):
    """A view that knows the instant it was asked at, and refuses what it does not know:
    a query parameter nobody reads is a mistake, not something to pass over.

    Every POST of one honours an ``Idempotency-Key`` and ``If-Match``, and an answer about one
    agreement tells its state in ``ETag``.
    """

    parser_classes = [JSONParser]
    queries: ClassVar[frozenset[str]] = frozenset()
    most_bytes: ClassVar[int] = MOST_BYTES
    kind: ClassVar[str] = Demand.Kind.DEMAND  # of matters its addresses name
    records: ClassVar[bool] = True  # whether its POST does; if not, a token to read will do
    now: datetime
    recorded_in: Agreement | None = None
    compared: bool = False  # whether what the request names in If-Match was compared
    about: Agreement | None = None  # whose state the answer tells
    throttles: list[BaseThrottle]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if post := vars(cls).get("post"):
            setattr(cls, "post", once(as_seen(post)))  # noqa: B010  # the class itself has none to assign to

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.now = timezone.now()
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.most_bytes:
            raise TooLarge
        known = self.known_queries() | ({FIELDS} if request.method == "GET" else set())
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError(dict.fromkeys(unknown, "There is no such query parameter."))

    def get_throttles(self) -> list[BaseThrottle]:
        self.throttles = super().get_throttles()
        return self.throttles

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        asked = request.query_params.get(FIELDS)
        if asked is not None and request.method == "GET" and response.status_code == 200:
            try:
                response.data = only(response.data, asked)
            except ValidationError as wrong:
                response = self.handle_exception(wrong)
        answer = super().finalize_response(request, response, *args, **kwargs)
        counted = [t for t in getattr(self, "throttles", ()) if isinstance(t, UnlessRedisIsGone)]
        said = [each for throttle in counted if (each := throttle.said()) is not None]
        looking_back = "as_of" in request.query_params
        if self.about is not None and answer.status_code in (200, 201) and not looking_back:
            answer["ETag"] = state_of(self.about, self.now)
        if said:
            answer["RateLimit-Policy"] = ", ".join(policy for policy, _ in said)
            answer["RateLimit"] = ", ".join(left for _, left in said)
        return answer

    def kept(self, data: Any) -> Any:
        """What is kept of an answer, to be given again under the same ``Idempotency-Key``."""
        return data

    def known_queries(self) -> frozenset[str]:
        """The query parameters this view reads."""
        return self.queries

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @property
    def when(self) -> When:
        """The two clocks of an act."""
        return When(self.now, self.user)

    def day(self, agreement: Agreement) -> date:
        """The legal day asked for with ``?as_of=``, else the agreement's own today."""
        today = agreement.day_of(self.now)
        given = self.request.query_params.get("as_of")
        if given is None:
            return today
        try:
            day = date.fromisoformat(given)
        except ValueError as wrong:
            raise ValidationError(
                {"as_of": f"“{given[:40]}” is not a day. Give it as 2003-09-11."}
            ) from wrong
        if day > today:
            raise ValidationError({"as_of": f"That day has not come yet. Today is {say(today)}."})
        return day

    def agreement(self, slug: str) -> Agreement:
        """An agreement the person may see."""
        agreements = Agreement.objects.visible_to(self.user).select_related("company")
        self.about = get_object_or_404(agreements, slug=slug)
        return self.about

    def investor(self, public_id: UUID) -> Investor:
        investors = investors_for(self.user).select_related("agreement__company")
        investor = get_object_or_404(investors, public_id=public_id)
        self.about = investor.agreement
        return investor

    def demand(self, public_id: UUID) -> Demand:
        demands = Demand.objects.visible_to(self.user).filter(kind=self.kind)
        demand = get_object_or_404(
            demands.select_related("agreement__company", "notice"), public_id=public_id
        )
        self.about = demand.agreement
        return demand

    def notice(self, public_id: UUID) -> Notice:
        notices = notices_for(self.user)
        notice = get_object_or_404(
            notices.select_related("agreement__company", "answers"), public_id=public_id
        )
        self.about = notice.agreement
        return notice

    def delivery(self, public_id: UUID) -> Delivery:
        deliveries = deliveries_for(self.user)
        delivery = get_object_or_404(
            deliveries.select_related("notice__agreement__company", "notice__answers", "recipient"),
            public_id=public_id,
        )
        self.about = delivery.notice.agreement
        return delivery

    def may_record(self, agreement: Agreement) -> None:
        """Refuse a colleague with read-only rights, and whoever has not seen what was recorded
        meanwhile (``If-Match``); and keep in mind where is recorded."""
        if not Agreement.objects.editable_by(self.user).filter(pk=agreement.pk).exists():
            raise PermissionDenied("Your account may read this agreement, not record in it.")
        compare(self.request, agreement, self.now)
        self.compared = True
        self.recorded_in = self.about = agreement


def investors_for(user: User) -> QuerySet[Investor]:
    return Investor.objects.filter(agreement__in=Agreement.objects.visible_to(user))


def notices_for(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(agreement__in=Agreement.objects.visible_to(user))


def deliveries_for(user: User) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice__agreement__in=Agreement.objects.visible_to(user))


@contextmanager
def fields_named(rename: Callable[[str], str]) -> Iterator[None]:
    """Let a refusal name the field of the body it is about, not the one of the form."""
    try:
        yield
    except Refused as refused:
        refused.field = rename(refused.field)
        raise
