"""What holds for every response."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivateUnlessSaid:
    """No page is kept by a shared cache, or shown again by "back" after signing out, unless its
    view says otherwise.  Static files are answered earlier and are not touched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
