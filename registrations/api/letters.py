"""The words of letters, and the letters of a matter, by REST."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement

from ..bundles import letters_of
from ..facts import terms_for
from ..letter_kinds import Kind, our_text, places_of
from ..models import Demand, LetterTemplate
from ..occasions import occasions_of, papers_of
from ..pdf import as_pdf
from ..services.letters import save_template, versions_of
from .acting import Act
from .bodies import Body, read_body
from .bodies import text as words

NOTICE = "notice"  # the letters of a matter's own notice, among its others


class LetterKindShape(serializers.Serializer):
    """A kind of letter; ``versions`` are those counsel saved, none where it has our words."""

    kind = serializers.ChoiceField(Kind.choices)
    title = serializers.CharField()
    versions = serializers.IntegerField()


class LetterKindsShape(serializers.Serializer):
    """Every kind of letter under an agreement."""

    agreement = serializers.SlugField()
    kinds = LetterKindShape(many=True)


class LetterPlaceShape(serializers.Serializer):
    """A name the words may use, what it stands for, and an example: of a list, its items."""

    name = serializers.CharField()
    says = serializers.CharField()
    always = serializers.BooleanField()
    list = serializers.BooleanField()
    example = serializers.ListField(child=serializers.CharField())


class LetterVersionShape(serializers.Serializer):
    """A version counsel saved; the last one is in use."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    by = serializers.CharField(allow_blank=True)


class LetterTextShape(serializers.Serializer):
    """The words of a kind of letter that are in use, what they may name, and every version."""

    kind = serializers.ChoiceField(Kind.choices)
    title = serializers.CharField()
    text = serializers.CharField()
    our_text = serializers.CharField()
    names = LetterPlaceShape(many=True)
    versions = LetterVersionShape(many=True)


class LetterTextBody(Body):
    text = words(20_000, help_text="The whole letter: “# heading”, paragraphs, “---”, rows.")
    reason = words(2000, help_text="Why the words are changed. It stays on the record.")


class LetterShape(serializers.Serializer):
    """A letter that can be made in a matter, and how many Investors it goes to."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    about = serializers.CharField()
    letters = serializers.IntegerField()


class LettersShape(serializers.Serializer):
    """Every letter that can be made in a matter today; ``notice`` are those of its notice."""

    letters = LetterShape(many=True)


@extend_schema_field(OpenApiTypes.BYTE)
class PdfField(serializers.CharField):
    """A PDF in base 64."""


class LetterFileShape(serializers.Serializer):
    """A letter of a matter to everybody it goes to, each on pages of its own."""

    name = serializers.CharField()
    to = serializers.ListField(child=serializers.CharField())
    pdf = PdfField()


class LetterTexts(Act):
    @extend_schema(responses=LetterKindsShape)
    def get(self, request: Request, slug: str) -> Response:
        """Every kind of letter, and how many versions of its words counsel saved."""
        agreement = self.agreement(slug)
        saved = list(
            LetterTemplate.objects.filter(agreement=agreement).values_list("kind", flat=True)
        )
        kinds = [{"kind": k, "title": k.label, "versions": saved.count(k)} for k in Kind]
        return Response({"agreement": agreement.slug, "kinds": kinds})


class OneLetterText(Act):
    @extend_schema(responses=LetterTextShape)
    def get(self, request: Request, slug: str, letter: str) -> Response:
        """The words of a kind of letter, what they may name, and every version."""
        return Response(text_data(self.agreement(slug), _kind(letter)))

    @extend_schema(request=LetterTextBody, responses={201: LetterTextShape})
    def post(self, request: Request, slug: str, letter: str) -> Response:
        """Save the words a kind of letter has from now on.  Refused, with the line, where they
        are no letter, name what the kind does not have, or run past their limits."""
        agreement = self.agreement(slug)
        kind = _kind(letter)
        self.may_record(agreement)
        given, _ = read_body(LetterTextBody, request, agreement)
        save_template(agreement=agreement, kind=kind, **given, when=self.when)
        return Response(text_data(agreement, kind), status=201)


class Letters(Act):
    @extend_schema(responses=LettersShape)
    def get(self, request: Request, demand: UUID) -> Response:
        """Every letter that can be made in the matter today."""
        matter = self.demand(demand)
        day = matter.agreement.day_of(self.now)
        _, notice = letters_of(matter, terms_for(matter), day)
        kind = Kind.REGISTRATION_NOTICE if matter.by_company else Kind.COMPANY_NOTICE
        found = [
            {"name": o.name, "kind": o.kind, "about": o.about, "letters": o.many}
            for o in occasions_of(matter, day)
        ]
        if notice:
            own = {"name": NOTICE, "kind": kind, "about": kind.label, "letters": len(notice)}
            found.insert(0, own)
        return Response({"letters": found})


class OneLetter(Act):
    @extend_schema(responses=LetterFileShape)
    def get(self, request: Request, demand: UUID, letter: str) -> Response:
        """A letter by its name in the list, as one PDF in base 64."""
        matter = self.demand(demand)
        names, papers = self._made(matter, letter)
        made = as_pdf(*papers, made_at=self.now)
        return Response(
            {"name": letter, "to": names, "pdf": base64.b64encode(made).decode("ascii")}
        )

    def _made(self, matter: Demand, name: str) -> tuple[list[str], list[Any]]:
        day = matter.agreement.day_of(self.now)
        if name == NOTICE:
            _, notice = letters_of(matter, terms_for(matter), day)
            if not notice:
                raise Http404
            return [each.investor.name for each in notice], [each.paper for each in notice]
        occasion = next((o for o in occasions_of(matter, day) if o.name == name), None)
        if occasion is None:
            raise Http404
        papers = papers_of(matter, occasion, day)
        return [p.title.partition(" to ")[2] or p.author for p in papers], papers


def _kind(name: str) -> Kind:
    if name not in Kind.values:
        raise Http404
    return Kind(name)


def text_data(agreement: Agreement, kind: Kind) -> dict[str, Any]:
    """The words of a kind of letter as JSON-ready data."""
    versions = versions_of(agreement, kind)[::-1]
    return {
        "kind": kind,
        "title": kind.label,
        "text": versions[-1].row.text if versions else our_text(kind),
        "our_text": our_text(kind),
        "names": [
            {
                "name": p.name, "says": p.says, "always": p.always, "list": p.many,
                "example": list(p.example) if p.many else [p.example],
            }
            for p in places_of(kind)
        ],
        "versions": [
            {
                "number": v.number, "text": v.row.text, "reason": v.row.reason,
                "recorded_at": v.row.recorded_at,
                "by": v.row.recorded_by.name if v.row.recorded_by else "",
            }
            for v in versions
        ],
    }  # fmt: skip
