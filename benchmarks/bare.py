"""The floor: a workflow that takes Updates and does nothing with them."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.commands import Submitted


@workflow.defn(name="Bare")
class BareWorkflow:
    """Ends after a number of Updates."""

    @workflow.init
    def __init__(self, updates: int) -> None:
        self._left = updates

    @workflow.run
    async def run(self, updates: int) -> None:
        """Waits for the last of them."""
        await workflow.wait_condition(lambda: self._left <= 0 and workflow.all_handlers_finished())

    @workflow.update(name="command")
    async def command(self, submitted: Submitted) -> int:
        """One Update more."""
        self._left -= 1
        return self._left
