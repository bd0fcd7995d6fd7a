"""Runs the double as the engine starts it: ``pulumi-resource-aws ENGINE_ADDRESS``."""

from __future__ import annotations

import importlib.metadata
import os
import signal
import sys
import threading
from concurrent import futures
from types import FrameType

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from .provider import Provider

MAX_MESSAGE = 400 * 1024 * 1024
"""What the engine itself accepts."""


def _exit_now(signum: int = 0, frame: FrameType | None = None) -> None:
    """Leave without waiting for calls in flight: the engine gives a provider five seconds, and spends them."""
    os._exit(0)  # pylint: disable=protected-access


def _exit_with_engine() -> None:
    """Exit when the engine dies: it keeps stdin open as long as it lives."""
    sys.stdin.buffer.read()
    _exit_now()


def main() -> None:
    """Serve until told to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _exit_now)
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        options=[("grpc.max_receive_message_length", MAX_MESSAGE), ("grpc.so_reuseport", 0)],
    )
    version = importlib.metadata.version("pulumi_aws")
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(version), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    threading.Thread(target=_exit_with_engine, daemon=True).start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
