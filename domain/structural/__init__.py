"""Structural work: a case that bundles what keeps recurring, with a plan of actions, reviewed until it is done."""
