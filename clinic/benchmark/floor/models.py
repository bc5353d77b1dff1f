"""The person who is signed in, read from the product's own table, so that the floor asks for as many columns as it must and no more."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Person(AbstractBaseUser):
    """A row of the product's people, never written by the floor."""

    email = models.EmailField(unique=True)
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        managed = False
        db_table = "staff_user"
        app_label = "floor"

    def __str__(self) -> str:
        return f"#{self.pk}"
