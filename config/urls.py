"""The addresses, from the top.  Each reader's own are in `registrations`."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from registrations.health import healthz, readyz

# One door: the admin's own would ask for no second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("registrations.urls")),
    path("api/v1/", include("registrations.api_urls")),
    path("admin/", admin.site.urls),
    # For load balancers and health checks
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
