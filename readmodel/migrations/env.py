"""Runs the steps on the connection it is given; `readmodel.migrate` holds the transaction and the lock."""

from typing import Any, Literal

from alembic import context

from readmodel.base import PLAIN, UtcDateTime
from readmodel.schema import METADATA
from readmodel.words import told_by_models


def render(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Our own types by their names."""
    if kind == "type" and item is PLAIN:
        return "PLAIN"
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
    render_item=render,
    include_name=told_by_models,
)
with context.begin_transaction():
    context.run_migrations()
