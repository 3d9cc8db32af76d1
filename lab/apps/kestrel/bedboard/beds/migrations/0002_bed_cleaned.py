from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("beds", "0001_initial")]
    operations = [migrations.AddField("bed", "cleaned_at", models.DateTimeField(null=True))]
