"""Connecting to Temporal, by the SDK's standard environment alone."""

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.runtime import Runtime
from temporalio.service import GrpcCompression

from workflows.conversion import domain_data_converter

DEFAULT_ADDRESS = "127.0.0.1:7233"


async def connect(*, lazy: bool = False, runtime: Runtime | None = None) -> Client:
    """A client for the server, cluster or cloud that TEMPORAL_ADDRESS and its like name.

    A lazy client connects at its first call. Raises RuntimeError when the server does not answer.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", DEFAULT_ADDRESS)
    return await Client.connect(
        **config,
        data_converter=domain_data_converter,
        grpc_compression=GrpcCompression.NONE,
        lazy=lazy,
        runtime=runtime,
    )
