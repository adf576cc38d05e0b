"""Tables for spreadsheets: CSV as RFC 4180 has it, and nothing in it that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi.responses import Response

Value = str | int | float | None
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """A file of this name; lines end in CRLF, numbers have a point, and what is not known is empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_safe(value) for value in row] for row in rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8; header=present", headers=headers)


def _safe(value: Value) -> Value:
    if isinstance(value, float):
        return float(round(value, 4))
    if isinstance(value, str) and value.startswith(_RUNS):
        return f"'{value}"
    return value
