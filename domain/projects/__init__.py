"""Projects that departments refer: advice before the decision, residents' reactions, an answer to every point."""
