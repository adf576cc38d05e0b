"""`make bench`: every measurement, one after another."""

import asyncio

from benchmarks import case_life, pages, working_time

if __name__ == "__main__":
    working_time.main()
    asyncio.run(case_life.measure())
    pages.main([])
