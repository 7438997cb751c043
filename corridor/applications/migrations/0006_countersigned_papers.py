import corridor.applications.models.papers
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('applications', '0005_route_planned_with'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('training_plan', 'Training plan'), ('learning', 'Learning agreement')], max_length=16)),
                ('state', models.CharField(choices=[('draft', 'Being written'), ('signing', 'Being signed'), ('signed', 'Signed by all'), ('credited', 'Credit recorded'), ('refused', 'Credit refused')], default='draft', max_length=10)),
                ('turn', models.CharField(blank=True, choices=[('host', 'Host'), ('candidate', 'Candidate'), ('third', 'Sponsor or university')], max_length=10)),
                ('due_on', models.DateField(blank=True, db_index=True, null=True)),
                ('content', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('third_name', models.CharField(blank=True, max_length=160, verbose_name='name of the sponsor')),
                ('by_third', models.BooleanField(default=False)),
                ('asked', models.TextField(blank=True, max_length=2000)),
                ('outcome', models.JSONField(blank=True, default=dict)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='applications.application')),
                ('consent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.consent')),
                ('third', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers_to_sign', to='accounts.organization')),
            ],
            options={
                'ordering': ['-updated_at'],
            },
        ),
        migrations.CreateModel(
            name='PaperNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('sign', 'Sign'), ('changed', 'Changed'), ('sent_back', 'Sent Back'), ('signed', 'Signed'), ('record', 'Record'), ('credited', 'Credited'), ('refused', 'Refused'), ('soon', 'Soon'), ('late', 'Late')], max_length=10)),
                ('side', models.CharField(choices=[('host', 'Host'), ('candidate', 'Candidate'), ('third', 'Sponsor or university')], max_length=10)),
                ('about', models.CharField(max_length=40)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('told', models.BooleanField(default=False)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='applications.paper')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PaperVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='applications.paper')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='PaperSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('host', 'Host'), ('candidate', 'Candidate'), ('third', 'Sponsor or university')], max_length=10)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('office', models.CharField(blank=True, max_length=160, verbose_name='office held')),
                ('statement', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('on_paper', models.BooleanField(default=False)),
                ('signed_on', models.DateField(blank=True, null=True)),
                ('scan', models.FileField(blank=True, upload_to=corridor.applications.models.papers.scan_path)),
                ('scan_name', models.CharField(blank=True, max_length=160)),
                ('scan_type', models.CharField(blank=True, max_length=120)),
                ('scan_sha256', models.CharField(blank=True, max_length=64)),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='applications.paperversion')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('application', 'kind'), name='one_paper_of_a_kind_an_application'),
        ),
        migrations.AddConstraint(
            model_name='papernotice',
            constraint=models.UniqueConstraint(fields=('paper', 'what', 'side', 'about'), name='a_paper_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='paperversion',
            constraint=models.UniqueConstraint(fields=('paper', 'number'), name='a_paper_version_once'),
        ),
        migrations.AddConstraint(
            model_name='papersignature',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('version', 'side'), name='one_standing_signature_a_side'),
        ),
    ]
