"""Each account gets the verified address it signs in by: those opened before there were any
were opened by an administrator, who answered for the address."""

from django.db import migrations


def verify(apps, schema_editor):
    User = apps.get_model("investors", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    have = EmailAddress.objects.filter(primary=True).values("user_id")
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=pk, email=email.lower(), primary=True, verified=True)
        for pk, email in User.objects.exclude(pk__in=have).values_list("pk", "email")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("investors", "0010_account_records"),
    ]

    operations = [migrations.RunPython(verify, migrations.RunPython.noop)]
