"""The investors' portal."""

from __future__ import annotations

from django.urls import path

from registrations.views import invitation
from registrations.views.portal import (
    answer,
    carried,
    delivery,
    documents,
    home,
    joint,
    letters,
    profile,
    receipts,
)

urlpatterns = [
    path("invitation/<str:link>/", invitation.invitation, name="invitation"),
    path("receipts/check/", receipts.check_receipt, name="check-receipt"),
    path("portal/", home.portal, name="portal"),
    path("portal/demand/<uuid:joint>/", joint.joint_demand, name="joint-demand"),
    *(
        path(f"portal/<uuid:investor>/{rest}", view.as_view(), name=name)
        for rest, view, name in (
            ("", home.PortalHome, "portal-home"),
            ("holdings/", home.PortalHoldings, "portal-holdings"),
            ("notices/", home.PortalNotices, "portal-notices"),
            ("notices/<uuid:delivery>/letter/", letters.NoticeLetter, "portal-notice-letter"),
            ("requests/", home.PortalRequests, "portal-requests"),
            ("registrations/<uuid:demand>/join/", answer.Join, "portal-join"),
            ("registrations/<uuid:demand>/decline/", answer.Decline, "portal-decline"),
            ("delivery/", delivery.DeliveryPage, "portal-delivery"),
            ("documents/", documents.PortalDocuments, "portal-documents"),
            ("documents/<uuid:document>/", documents.DocumentFile, "portal-document"),
            ("address/", profile.AddressPage, "portal-address"),
            ("address/letter/", profile.AddressLetter, "portal-address-letter"),
            ("demand/new/", joint.BeginJoint, "begin-joint"),
            ("demand/<uuid:joint>/", joint.JointPage, "portal-joint"),
            ("registrations/<uuid:demand>/stopped/", carried.Stopped, "portal-stopped"),
            (
                "registrations/<uuid:demand>/information/",
                carried.Questionnaire,
                "portal-information",
            ),
            ("receipts/<uuid:receipt>/", receipts.ReceiptPage, "receipt"),
            ("receipts/<uuid:receipt>/pdf/", receipts.ReceiptPdf, "receipt-pdf"),
            ("receipts/<uuid:receipt>/letter/", receipts.ReceiptLetter, "receipt-letter"),
            ("receipts/<uuid:receipt>/letter/pdf/", receipts.LetterPdf, "letter-pdf"),
            ("receipts/<uuid:receipt>/text/", receipts.ReceiptText, "receipt-text"),
        )
    ),
]
