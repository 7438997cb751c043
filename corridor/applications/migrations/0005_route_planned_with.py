from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0004_scores_interviews_offers")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="route",
            field=models.CharField(blank=True, default="", editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name="application",
            name="route_filed_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
