from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

DAYS = 7


def await_them(apps, schema_editor):
    """Papers that counted as signed while a signer on Corridor had not confirmed what the host
    recorded wait for that signer again."""
    papers = apps.get_model("applications", "Paper")
    signatures = apps.get_model("applications", "PaperSignature")
    ascribed = signatures.objects.filter(
        version__paper=models.OuterRef("pk"), version__number=models.OuterRef("version"),
        side="third", on_paper=True, confirmed_at=None, voided_at=None,
    )  # fmt: skip
    papers.objects.filter(
        models.Exists(ascribed), state="signed", third__isnull=False, outcome={}
    ).update(
        state="to_confirm", turn="third", due_on=timezone.localdate() + timedelta(days=DAYS)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0009_signatures_on_paper_confirmed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='paper',
            name='state',
            field=models.CharField(choices=[('draft', 'Being written'), ('signing', 'Being signed'), ('to_confirm', 'A signature is not confirmed yet'), ('signed', 'Signed by all'), ('credited', 'Credit recorded'), ('refused', 'Credit refused')], default='draft', max_length=10),
        ),
        migrations.RunPython(await_them, migrations.RunPython.noop),
    ]
