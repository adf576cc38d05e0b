"""The measurements of docs/performance.md: side by side in one run, printed as ratios."""
