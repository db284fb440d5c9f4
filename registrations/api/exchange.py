"""Agreements as files: taken in, handed out, the library to start from, the format's own
schema; and any term of an agreement asked on facts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Company

from .. import library
from ..facts import terms_of
from ..rules import exchange
from ..rules.questions import QuestionError, facts_schema
from ..rules.terms import SPEC, TermError
from ..rules.wording import term_words
from ..services import agreements as acts
from .agreements import Agreements
from .bodies import Body
from .description import AS_OF
from .doors import Door
from .shapes import AgreementShape

ONE_ONLY = (
    "This token opens one agreement, and cannot put a new one on record. "
    "Make a token for all your agreements."
)


class TakeIn(Body):
    """An agreement's file, and where it goes."""

    company = serializers.SlugField()
    slug = serializers.SlugField(max_length=50)
    file = serializers.JSONField()
    dated_on = serializers.DateField(required=False)
    time_zone = serializers.CharField(required=False, max_length=60)


class AgreementsAndTakeIn(Agreements):
    """The agreements you may see; and a new one from its file."""

    @extend_schema(request=TakeIn, responses={201: AgreementShape})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = TakeIn(data=request.data)
        given.is_valid(raise_exception=True)
        if self.user.token is not None and self.user.token.agreement_id is not None:
            raise PermissionDenied(ONE_ONLY)
        body = given.validated_data
        companies = Company.objects.editable_by(self.user)
        company = companies.filter(slug=body["company"]).first()
        if company is None:
            raise ValidationError({"company": "You record for no company of that name."})
        made = acts.put_document_on_record(
            company=company,
            slug=body["slug"],
            document=_read(body["file"]),
            dated_on=body.get("dated_on"),
            time_zone=body.get("time_zone", ""),
            when=self.when,
        )
        self.recorded_in = made
        return Response(AgreementShape(made).data, status=201)


def _read(file: Any) -> exchange.Document:
    document, problems = exchange.read_document(file)
    if document is None:
        raise ValidationError({"file": [problem.text for problem in problems]})
    return document


class AgreementFile(Door):
    """The agreement as its file, with the terms in force on a day."""

    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        agreement = self.agreement(slug)
        return Response(acts.hand_out(agreement, self.day(agreement)))


class OneTerm(Door):
    """A term in words, with the shape of the facts it is asked on; and its answer."""

    records = False
    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, name: str) -> Response:
        agreement = self.agreement(slug)
        terms = terms_of(agreement, self.day(agreement))
        if name not in terms.values:
            raise Http404
        value = terms.values[name]
        return Response(
            {
                "name": name,
                "label": SPEC[name].label,
                "clause": terms.clause(name),
                "summary": terms.summaries[name],
                "words": term_words(name, value, terms.values.get("defined_words", {})),
                "asked_with": facts_schema(name, value),
            }
        )

    @extend_schema(
        parameters=[AS_OF], request=OpenApiTypes.OBJECT, responses={200: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, slug: str, name: str) -> Response:
        agreement = self.agreement(slug)
        if not isinstance(request.data, dict):
            raise ValidationError({"facts": "Give an object."})
        try:
            return Response(acts.ask(agreement, name, request.data, self.day(agreement)))
        except TermError as absent:
            if absent.term == name:
                raise Http404 from absent
            raise
        except QuestionError as wrong:
            raise ValidationError({p.path: p.says for p in wrong.problems}) from wrong


class Library(Door):
    """The agreements that come with the program, to start from."""

    @extend_schema(operation_id="library_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """The name, kind and terms of each."""
        return Response(
            {
                "agreements": [
                    {"name": name, "company": document.company, "title": document.title,
                     "about": document.about, "terms": list(document.terms)}
                    for name in library.names()
                    if (document := library.agreement(name))
                ]
            }
        )  # fmt: skip


class LibraryFile(Door):
    """One of them as its file."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, name: str) -> Response:
        if name not in library.names():
            raise Http404
        return Response(library.data(name))


class ExchangeSchema(Door):
    """The format of an agreement's file, as JSON Schema."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(exchange.schema())
