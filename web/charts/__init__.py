"""Drawings in SVG: pure functions from data to a drawing, and the templates that write it out."""
