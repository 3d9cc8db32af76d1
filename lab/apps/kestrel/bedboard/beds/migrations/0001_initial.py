from django.db import migrations, models


def stock(apps, schema_editor):
    bed = apps.get_model("beds", "Bed")
    bed.objects.bulk_create(bed(label=f"{ward}-{n:02d}", occupied=n % 3 == 0) for ward in "ACF" for n in range(1, 25))


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Bed", [
            ("id", models.AutoField(primary_key=True)),
            ("label", models.CharField(max_length=20)),
            ("occupied", models.BooleanField(default=False)),
        ]),
        migrations.RunPython(stock, migrations.RunPython.noop),
    ]
