from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matching", "0005_cohort_rounds")]

    operations = [
        migrations.AddIndex(
            model_name="bestprograms",
            index=GinIndex(fields=["programs"], name="lists_with_program"),
        ),
        migrations.AddIndex(
            model_name="bestcandidates",
            index=GinIndex(fields=["candidates"], name="lists_with_candidate"),
        ),
    ]
