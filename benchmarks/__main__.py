"""`make bench`: every measurement, one after another."""

import asyncio

from benchmarks import case_life

if __name__ == "__main__":
    asyncio.run(case_life.measure())
