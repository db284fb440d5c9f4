"""Whom each address is for."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


class Policy(Enum):
    """Who an address is for."""

    OPEN = "anybody, signed in or not"
    SIGNED_IN = "anybody signed in, and what they see is their own"
    SEEN = "those who act for the company"
    ASKED = "those who act for the company, who may ask by POST too: nothing is recorded"
    RECORDED = "those of them who may record"
    OWN = "those who act for the Investor"
    SIGNED = "those of them who may sign"
    SHARED = "those who act for any Investor of the agreement and were given the address"


POLICY: dict[str, Policy] = {
    "healthz": Policy.OPEN,
    "readyz": Policy.OPEN,
    "sign-in/": Policy.OPEN,
    "sign-out/": Policy.OPEN,
    "account/theme/": Policy.OPEN,
    "invitation/<str:link>/": Policy.OPEN,
    "receipts/check/": Policy.OPEN,
    "portal/": Policy.SIGNED_IN,
    "portal/demand/<uuid:joint>/": Policy.SHARED,
    "portal/<uuid:investor>/demand/new/": Policy.SIGNED,
    **dict.fromkeys(
        (
            f"portal/<uuid:investor>/{page}"
            for page in (
                "", "holdings/", "notices/", "notices/<uuid:delivery>/letter/",
                "requests/", "receipts/<uuid:receipt>/",
                "receipts/<uuid:receipt>/letter/", "receipts/<uuid:receipt>/text/",
                "receipts/<uuid:receipt>/pdf/", "receipts/<uuid:receipt>/letter/pdf/",
                "registrations/<uuid:demand>/stopped/",
                "registrations/<uuid:demand>/information/",
                "demand/<uuid:joint>/",
                "delivery/", "address/", "address/letter/",
                "documents/", "documents/<uuid:document>/",
            )
        ),
        Policy.OWN,
    ),
    **dict.fromkeys(
        (
            f"portal/<uuid:investor>/registrations/<uuid:demand>/{act}/"
            for act in ("join", "decline")
        ),
        Policy.SIGNED,
    ),
    "a/<slug:slug>/holders/<uuid:investor>/portal/": Policy.ASKED,
    "": Policy.SIGNED_IN,
    "sign-in/code/": Policy.OPEN,
    "sign-in/passkey/": Policy.OPEN,
    "sign-in/unconfirmed/": Policy.OPEN,
    "account/password/forgotten/": Policy.OPEN,
    "account/password/forgotten/sent/": Policy.OPEN,
    "account/password/new/<base36:uidb36>-<str:key>/": Policy.OPEN,
    "account/password/new/done/": Policy.OPEN,
    "account/address/<str:key>/": Policy.OPEN,
    **dict.fromkeys(
        (
            "account/",
            "account/password/",
            "account/password/done/",
            "account/address/",
            "account/second-factor/",
            "account/sessions/end/",
            "account/sessions/<row:pk>/end/",
            "account/app/",
            "account/app/remove/",
            "account/passkeys/new/",
            "account/passkeys/<row:pk>/remove/",
            "account/passkeys/<row:pk>/name/",
            "account/recovery-codes/",
            "account/recovery-codes/new/",
            "account/confirm/",
            "account/confirm/code/",
            "account/confirm/passkey/",
        ),
        Policy.SIGNED_IN,
    ),
    "account/tokens/": Policy.SIGNED_IN,
    "account/calendar/": Policy.SIGNED_IN,
    "account/mail/": Policy.SIGNED_IN,
    "calendar/<str:secret>.ics": Policy.OPEN,
    "account/tokens/<uuid:token>/revoke/": Policy.SIGNED_IN,
    "library/": Policy.SIGNED_IN,
    "library/<slug:name>/": Policy.SIGNED_IN,
    "agreements/new/": Policy.SIGNED_IN,
    **dict.fromkeys(
        (
            "a/<slug:slug>/",
            "a/<slug:slug>/registrations/",
            "a/<slug:slug>/registrations/DR-<int:number>/",
            "a/<slug:slug>/registrations/<company:number>/",
            *(
                f"a/<slug:slug>/registrations/{matter}/{page}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for page in ("selling", "prospectuses", "blue-sky")
            ),
            "a/<slug:slug>/registrations/DR-<int:number>/others/",
            "a/<slug:slug>/registrations/DR-<int:number>/expenses/",
            "a/<slug:slug>/registrations/<company:number>/expenses/",
            "a/<slug:slug>/registrations/DR-<int:number>/waivers/",
            "a/<slug:slug>/registrations/<company:number>/waivers/",
            *(
                f"a/<slug:slug>/registrations/{matter}/{paper}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for paper in (
                    "claims", "contribution", "information", "information/selling-holders",
                    "information/<uuid:investor>",
                )
            ),
            *(
                f"a/<slug:slug>/registrations/{matter}/letters/{page}"
                for matter in ("DR-<int:number>", "<company:number>")
                for page in ("", "all/", "<uuid:investor>/", "of/<slug:occasion>/")
            ),
            "a/<slug:slug>/claims/IC-<int:claim>/",
            "a/<slug:slug>/deadlines/",
            "a/<slug:slug>/statements/",
            "a/<slug:slug>/statements/<uuid:statement>/",
            "a/<slug:slug>/decisions/",
            "a/<slug:slug>/cutback/",
            "a/<slug:slug>/registrations/DR-<int:number>/cutback/",
            "a/<slug:slug>/registrations/<company:number>/cutback/",
            "a/<slug:slug>/allocations/<uuid:allocation>/",
            "a/<slug:slug>/notices/",
            "a/<slug:slug>/notices/N-<int:number>/",
            "a/<slug:slug>/holders/",
            "a/<slug:slug>/holders/<uuid:investor>/",
            "a/<slug:slug>/holders/<uuid:investor>/demand-form/",
            "a/<slug:slug>/holders/actions/",
            "a/<slug:slug>/holders/groups/",
            "a/<slug:slug>/holders/transfers/",
            "a/<slug:slug>/holders/tie-out/",
            "a/<slug:slug>/holders/open-cap-format/",
            "a/<slug:slug>/people/",
            "a/<slug:slug>/documents/",
            "a/<slug:slug>/imports/",
            "a/<slug:slug>/imports/<uuid:import>/",
            "a/<slug:slug>/jobs/<uuid:job>/",
            "a/<slug:slug>/jobs/<uuid:job>/file/",
            "a/<slug:slug>/edgar/",
            "a/<slug:slug>/company/",
            "a/<slug:slug>/agreement/",
            "a/<slug:slug>/agreement/file/",
            "a/<slug:slug>/agreement/ask/",
            "a/<slug:slug>/agreement/readings/",
            "a/<slug:slug>/agreement/letters/",
            "a/<slug:slug>/agreement/letters/<slug:kind>/",
            "a/<slug:slug>/agreement/letters/<slug:kind>/example/",
            "a/<slug:slug>/audit/",
            "a/<slug:slug>/audit/sealed/",
            "a/<slug:slug>/settings/",
            "a/<slug:slug>/webhooks/",
            "a/<slug:slug>/webhooks/<uuid:webhook>/",
            "a/<slug:slug>/webhooks/<uuid:webhook>/<uuid:message>/",
            "evidence/<uuid:public_id>/",
        ),
        Policy.SEEN,
    ),
    **dict.fromkeys(
        (
            "a/<slug:slug>/notices/new/",
            "a/<slug:slug>/notices/N-<int:number>/complete/",
            "a/<slug:slug>/notices/N-<int:number>/evidence/",
            "a/<slug:slug>/deliveries/<uuid:delivery>/",
            "a/<slug:slug>/registrations/DR-<int:number>/filing/",
            "a/<slug:slug>/registrations/DR-<int:number>/effectiveness/",
            "a/<slug:slug>/registrations/DR-<int:number>/all-sold/",
            "a/<slug:slug>/registrations/DR-<int:number>/decide/",
            "a/<slug:slug>/registrations/DR-<int:number>/circumstances/",
            "a/<slug:slug>/registrations/DR-<int:number>/delay/",
            "a/<slug:slug>/registrations/DR-<int:number>/delay/<int:delay>/",
            "a/<slug:slug>/registrations/DR-<int:number>/others/<uuid:holder>/",
            "a/<slug:slug>/other-holders/new/",
            "a/<slug:slug>/other-holders/<uuid:holder>/",
            "a/<slug:slug>/registrations/DR-<int:number>/cutback/save/",
            "a/<slug:slug>/registrations/<company:number>/cutback/save/",
            "a/<slug:slug>/registrations/new/",
            *(
                f"a/<slug:slug>/registrations/<company:number>/{act}/"
                for act in (
                    "change", "withdrawal", "acceptance", "filing", "effectiveness", "all-sold",
                    "decide",
                )
            ),
            *(
                f"a/<slug:slug>/registrations/{matter}/{act}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for act in (
                    "suspensions/new", "suspensions/S-<int:suspension>/notice",
                    "suspensions/S-<int:suspension>/answer",
                    "suspensions/S-<int:suspension>/release", "prospectuses/new", "blue-sky/new",
                    "carried/<slug:what>/<row:pk>/correct",
                    "waivers/new", "waivers/<row:pk>", "letters/make", "binder",
                )
            ),
            *(
                f"a/<slug:slug>/registrations/{matter}/{act}/"
                for matter in ("DR-<int:number>", "<company:number>")
                for act in ("expenses/new", "expenses/<row:pk>", "claims/new", "information/ask",
                    "information/<uuid:investor>/record")
            ),
            "a/<slug:slug>/claims/IC-<int:claim>/change/",
            "a/<slug:slug>/claims/IC-<int:claim>/contribution/",
            "a/<slug:slug>/statements/new/",
            "a/<slug:slug>/statements/<uuid:statement>/record/",
            "a/<slug:slug>/statements/records/<row:pk>/correct/",
            "a/<slug:slug>/holders/new/",
            "a/<slug:slug>/holders/actions/new/",
            "a/<slug:slug>/holders/groups/new/",
            "a/<slug:slug>/holders/groups/<uuid:group>/members/new/",
            "a/<slug:slug>/holders/groups/members/<uuid:member>/",
            "a/<slug:slug>/holders/transfers/<uuid:transfer>/counterpart/",
            "a/<slug:slug>/holders/transfers/<uuid:transfer>/standing/",
            "a/<slug:slug>/holders/actions/<uuid:action>/correct/",
            "a/<slug:slug>/holders/<uuid:investor>/ledger/",
            "a/<slug:slug>/holders/<uuid:investor>/address/",
            "a/<slug:slug>/holders/<uuid:investor>/contacts/new/",
            "a/<slug:slug>/holders/<uuid:investor>/consents/new/",
            "a/<slug:slug>/holders/<uuid:investor>/people/new/",
            "a/<slug:slug>/people/<row:pk>/end/",
            "a/<slug:slug>/people/auditors/new/",
            "a/<slug:slug>/documents/new/",
            "a/<slug:slug>/imports/new/",
            "a/<slug:slug>/imports/<uuid:import>/columns/",
            "a/<slug:slug>/imports/<uuid:import>/write/",
            "a/<slug:slug>/imports/<uuid:import>/drop/",
            "a/<slug:slug>/jobs/<uuid:job>/cancel/",
            "a/<slug:slug>/edgar/cik/",
            "a/<slug:slug>/edgar/ask/",
            "a/<slug:slug>/edgar/<uuid:proposal>/accept/",
            "a/<slug:slug>/edgar/<uuid:proposal>/set-aside/",
            "a/<slug:slug>/documents/<uuid:document>/take-back/",
            "a/<slug:slug>/people/auditors/<row:pk>/end/",
            "a/<slug:slug>/people/invitations/<uuid:invitation>/",
            "a/<slug:slug>/contacts/<row:pk>/end/",
            "a/<slug:slug>/consents/<row:pk>/withdraw/",
            "a/<slug:slug>/company/address/",
            "a/<slug:slug>/company/consents/new/",
            "a/<slug:slug>/company/share-counts/new/",
            "a/<slug:slug>/agreement/terms/<slug:name>/",
            "a/<slug:slug>/agreement/readings/choose/",
            "a/<slug:slug>/webhooks/new/",
            *(
                f"a/<slug:slug>/webhooks/<uuid:webhook>/{act}/"
                for act in (
                    "change", "secret", "end", "test", "replay", "<uuid:message>/again",
                )
            ),
            "a/<slug:slug>/agreement/letters/<slug:kind>/change/",
        ),
        Policy.RECORDED,
    ),
    **{
        f"api/v1/{route}": policy
        for policy, routes in {
            Policy.SIGNED_IN: (
                "agreements/", "demands/", "notices/", "deliveries/", "flags/", "schema/", "docs/",
                "library/", "library/<slug:name>/", "exchange-schema/",
                "company-registrations/", "edgar-proposals/", "webhook-deliveries/",
            ),
            Policy.SEEN: (
                "agreements/<slug:slug>/webhooks/",
                "webhooks/<uuid:webhook>/",
                "webhook-deliveries/<uuid:message>/",
                "agreements/<slug:slug>/",
                "agreements/<slug:slug>/investors/",
                "agreements/<slug:slug>/holdings/",
                "agreements/<slug:slug>/readings/",
                "agreements/<slug:slug>/letter-kinds/",
                "agreements/<slug:slug>/letter-texts/<slug:letter>/",
                *(
                    f"{matter}/<uuid:demand>/letters/{letter}"
                    for matter in ("demands", "company-registrations")
                    for letter in ("", "<slug:letter>/file/")
                ),
                "agreements/<slug:slug>/share-counts/",
                "agreements/<slug:slug>/tie-out/",
                "agreements/<slug:slug>/open-cap-format/",
                "agreements/<slug:slug>/imports/",
                "imports/<uuid:of>/",
                "imports/<uuid:of>/rows/",
                "agreements/<slug:slug>/readings/",
                "agreements/<slug:slug>/other-holders/",
                "demands/<uuid:demand>/inclusions/",
                "demands/<uuid:demand>/circumstances/",
                "agreements/<slug:slug>/corporate-actions/",
                "agreements/<slug:slug>/affiliate-groups/",
                "agreements/<slug:slug>/transfers/",
                "agreements/<slug:slug>/file/",
                "agreements/<slug:slug>/edgar/",
                "investors/<uuid:investor>/",
                "demands/<uuid:demand>/",
                "demands/<uuid:demand>/docket/",
                "demands/<uuid:demand>/selling/",
                "company-registrations/<uuid:demand>/selling/",
                "demands/<uuid:demand>/decisions/",
                "company-registrations/<uuid:demand>/",
                "company-registrations/<uuid:demand>/docket/",
                "company-registrations/<uuid:demand>/decisions/",
                "demands/<uuid:demand>/expenses/",
                "company-registrations/<uuid:demand>/expenses/",
                "demands/<uuid:demand>/waivers/",
                "company-registrations/<uuid:demand>/waivers/",
                "demands/<uuid:demand>/claims/",
                "company-registrations/<uuid:demand>/claims/",
                "demands/<uuid:demand>/information/",
                "company-registrations/<uuid:demand>/information/",
                "claims/<uuid:claim>/",
                "demands/<uuid:demand>/allocations/",
                "company-registrations/<uuid:demand>/allocations/",
                "allocations/<uuid:allocation>/",
                "notices/<uuid:notice>/",
                "deliveries/<uuid:delivery>/",
            ),
            Policy.ASKED: (
                "agreements/<slug:slug>/terms/<slug:name>/",
                "demands/<uuid:demand>/cutback/",
                "company-registrations/<uuid:demand>/cutback/",
            ),
            Policy.RECORDED: (
                *(f"webhooks/<uuid:webhook>/{act}/" for act in (
                    "changes", "secret", "end", "test", "replay",
                )),
                "webhook-deliveries/<uuid:message>/again/",
                "agreements/<slug:slug>/term-amendments/",
                "agreements/<slug:slug>/term-corrections/",
                "agreements/<slug:slug>/demand-notices/",
                *(
                    f"imports/<uuid:of>/{act}/"
                    for act in ("columns", "confirmation", "cancellation", "drop")
                ),
                "agreements/<slug:slug>/company-registrations/",
                *(
                    f"company-registrations/<uuid:demand>/{act}/"
                    for act in (
                        "changes", "registration-notices", "piggyback-requests", "acceptances",
                        "withdrawal", "filing", "effectiveness", "all-sold",
                        "statement-corrections",
                    )
                ),
                *(
                    f"{matter}/<uuid:demand>/{act}/"
                    for matter in ("demands", "company-registrations")
                    for act in (
                        "suspensions", "suspension-notices", "suspension-answers",
                        "suspension-releases", "prospectuses", "states", "selling-corrections",
                    )
                ),
                "corporate-actions/<uuid:action>/correction/",
                "edgar-proposals/<uuid:proposal>/acceptance/",
                "edgar-proposals/<uuid:proposal>/dismissal/",
                "affiliate-groups/<uuid:group>/members/",
                "affiliate-members/<uuid:member>/changes/",
                "transfers/<uuid:transfer>/counterpart/",
                "transfers/<uuid:transfer>/standing/",
                "investors/<uuid:investor>/expiry/",
                "investors/<uuid:investor>/address/",
                "investors/<uuid:investor>/issue-units/",
                "investors/<uuid:investor>/convert/",
                "investors/<uuid:investor>/exercise/",
                "investors/<uuid:investor>/transfer/",
                "investors/<uuid:investor>/public-sale/",
                "investors/<uuid:investor>/correct-ledger/",
                "demands/<uuid:demand>/company-notices/",
                "demands/<uuid:demand>/answers/",
                "demands/<uuid:demand>/filing/",
                "demands/<uuid:demand>/effectiveness/",
                "demands/<uuid:demand>/all-sold/",
                "demands/<uuid:demand>/statement-events/",
                "demands/<uuid:demand>/statement-corrections/",
                "demands/<uuid:demand>/expense-corrections/",
                "demands/<uuid:demand>/waiver-corrections/",
                "company-registrations/<uuid:demand>/waiver-corrections/",
                "company-registrations/<uuid:demand>/expense-corrections/",
                *(
                    f"{matter}/<uuid:demand>/information-{act}/"
                    for matter in ("demands", "company-registrations")
                    for act in ("requests", "answers")
                ),
                "claims/<uuid:claim>/changes/",
                "claims/<uuid:claim>/contributions/",
                "demands/<uuid:demand>/delays/",
                "demands/<uuid:demand>/delay-corrections/",
                "notices/<uuid:notice>/complete/",
                "notices/<uuid:notice>/evidence/",
                "deliveries/<uuid:delivery>/records/",
            ),
        }.items()
        for route in routes
    },
}  # fmt: skip
NOT_OURS = ("admin/",)  # Django's admin has its own test below
NOWHERE = ("api/v1/",)  # whatever the API does not have


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Every route of the URL configuration, as written."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if route not in NOT_OURS:
                yield from routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route.replace("^", "").replace("$", "")
