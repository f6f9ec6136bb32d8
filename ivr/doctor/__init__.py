"""The doctor: is this configuration fit for real telephones?"""

from ivr.doctor.finding import Finding
from ivr.doctor.visit import findings

__all__ = ["Finding", "findings"]
