"""The description of the API, the page to read it on, and the answer to any other address."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

Schema = SpectacularJSONAPIView.as_view(permission_classes=[IsAuthenticated])


@method_decorator(login_required, name="dispatch")
# Swagger UI keeps its few arrows as data: pictures in its stylesheet; its code is in files.
@method_decorator(csp_update({"img-src": [SELF, "data:"]}), name="dispatch")
class Reference(TemplateView):
    """The API reference, for people who are signed in."""

    template_name = "registrations/api_reference.html"


class Elsewhere(APIView):
    """Any other address under the API."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404

    post = put = patch = delete = get
