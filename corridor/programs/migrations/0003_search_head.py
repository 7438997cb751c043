"""The head that search looks through, read for the programs that stand, and the indexes of search."""

import django.contrib.postgres.indexes
from django.db import migrations, models


def read_heads(apps, schema_editor):
    from corridor.programs import texts

    programs = apps.get_model("programs", "Program")._default_manager
    rows = programs.prefetch_related("organization", "hub", "sector").defer(
        "vector", "staged_vector", "description_ko", "description_en", "term_ids"
    )
    batch = []
    for program in rows.iterator(chunk_size=1000):
        program.search_head = texts.head(program)
        batch.append(program)
        if len(batch) == 1000:
            programs.bulk_update(batch, ["search_head"], batch_size=200)
            batch = []
    programs.bulk_update(batch, ["search_head"], batch_size=200)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programs", "0002_where_and_paid_by"), ("places", "0002_project_status_source")]
    operations = [
        migrations.AddField(
            model_name="program",
            name="search_head",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(read_heads, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="program",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["occupation_ids"], name="program_occupations"
            ),
        ),
        migrations.AddIndex(
            model_name="program",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["term_ids"], name="program_terms"
            ),
        ),
        migrations.AddIndex(
            model_name="program",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_head"], name="program_head", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
