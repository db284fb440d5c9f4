"""The admin's pages for the correspondence and what was sent by mail: to be looked at."""

from __future__ import annotations

from django.contrib import admin

from investors.admin import ReadOnlyAdmin

from .models import (
    Delivery,
    DeliveryRecord,
    Evidence,
    Heartbeat,
    Mail,
    Notice,
    Reminder,
    RequestRecord,
)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("reference", "kind", "agreement", "sender", "recorded_at")
    list_select_related = ("agreement__company", "sender")
    list_filter = ("kind",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("notice", "recipient")
    list_select_related = ("notice", "recipient")


@admin.register(DeliveryRecord)
class DeliveryRecordAdmin(ReadOnlyAdmin):
    list_display = ("delivery", "method", "sent_on", "received_on", "recorded_at", "reason")
    list_select_related = ("delivery__notice", "delivery__recipient")
    list_filter = ("method",)


@admin.register(RequestRecord)
class RequestRecordAdmin(ReadOnlyAdmin):
    list_display = ("notice", "investor", "units", "shares", "stated_on", "recorded_at")
    list_select_related = ("notice", "investor")


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ("name", "notice", "media_type", "size", "recorded_at")
    list_select_related = ("notice",)
    exclude = ("file",)  # files are served by a page that asks who may see them


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    list_display = ("recipient", "created_at", "attempts", "sent_at", "failed_at", "last_error")
    search_fields = ("recipient", "message_id")


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("matter_name", "window", "step", "aim_on", "recipient", "mail", "dropped_at")
    list_select_related = ("mail",)
    search_fields = ("recipient", "matter_name")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "beat_at", "every_seconds")
