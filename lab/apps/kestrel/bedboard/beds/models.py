from django.db import models


class Bed(models.Model):
    label = models.CharField(max_length=20)
    occupied = models.BooleanField(default=False)

    class Meta:
        app_label = "beds"
