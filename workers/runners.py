"""In what surroundings workflow code runs."""

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASSED_THROUGH = ("domain", "workflows", "pydantic", "pydantic_core", "annotated_types", "typing_extensions")


def sandboxed() -> WorkflowRunner:
    """Watches for what cannot be replayed; for development and tests."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


def unsandboxed() -> WorkflowRunner:
    """Half as costly; for production, where a lint rule bans clocks and chance, and stored histories are replayed."""
    return UnsandboxedWorkflowRunner()
