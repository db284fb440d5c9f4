"""The pages.  A plain list, so that every address of the product can be read in one place."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from registrations.views import account
from registrations.views.dashboard import DashboardPage
from registrations.views.deadlines import DeadlinesPage, RegistrationsPage
from registrations.views.demand import DemandPage


def not_built_yet(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """An address whose page is still to come."""
    raise Http404


urlpatterns = [
    # The door
    path("", account.home, name="home"),
    path("sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("account/password/", account.PasswordChange.as_view(), name="password-change"),
    path("account/password/done/", account.PasswordChanged.as_view(), name="password-changed"),
    path("account/colours/", account.theme, name="theme"),
    # What follows from the record
    path("a/<slug:slug>/", DashboardPage.as_view(), name="dashboard"),
    path("a/<slug:slug>/registrations/", RegistrationsPage.as_view(), name="registrations"),
    path("a/<slug:slug>/registrations/DR-<int:number>/", DemandPage.as_view(), name="demand"),
    path("a/<slug:slug>/deadlines/", DeadlinesPage.as_view(), name="deadlines"),
    # The record
    path("a/<slug:slug>/notices/", not_built_yet, name="notices"),
    path("a/<slug:slug>/notices/new/", not_built_yet, name="record-notice"),
    path("a/<slug:slug>/notices/N-<int:number>/", not_built_yet, name="notice"),
    path("a/<slug:slug>/deliveries/<uuid:delivery>/receipt/", not_built_yet, name="record-receipt"),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/filing/", not_built_yet, name="record-filing"
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/effectiveness/",
        not_built_yet,
        name="record-effectiveness",
    ),
    path("a/<slug:slug>/registrations/DR-<int:number>/decide/", not_built_yet, name="decide"),
    path("a/<slug:slug>/holders/", not_built_yet, name="holders"),
    path("a/<slug:slug>/holders/<uuid:investor>/", not_built_yet, name="holder"),
    path("a/<slug:slug>/agreement/", not_built_yet, name="agreement"),
    path("a/<slug:slug>/audit/", not_built_yet, name="audit"),
    path("a/<slug:slug>/settings/", not_built_yet, name="settings"),
    path("evidence/<uuid:public_id>/", not_built_yet, name="evidence"),
]
