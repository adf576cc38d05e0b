"""The demonstration: a year of invented cases, marked as such, made by the rules themselves in virtual time."""

from aanjager.demo.filling import Filled, fill_demo

__all__ = ["Filled", "fill_demo"]
