"""Our .proto files say the same as the engine's.

The engine's side is what the Python package `pulumi` carries: the descriptors that the Pulumi project compiled. Every
message, field, enum value and method is compared, both ways, so that neither side has one that the other lacks.
"""

import pathlib
import subprocess

import pytest
from google.protobuf import descriptor_pb2
from pulumi.runtime.proto import analyzer_pb2, plugin_pb2

PROTO_ROOT = pathlib.Path(__file__).resolve().parents[2] / "analyzer" / "plugin" / "proto"
ENGINE = {module.DESCRIPTOR.name: module.DESCRIPTOR for module in (analyzer_pb2, plugin_pb2)}


def facts_of_field(field, message):
    oneof = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else None
    return (field.number, field.type, field.label, field.type_name, oneof, field.proto3_optional)


def facts_of_enum(enum, scope):
    name = f"{scope}.{enum.name}"
    yield f"enum {name}", True
    for value in enum.value:
        yield f"value {name}.{value.name}", value.number


def facts_of_message(message, scope):
    name = f"{scope}.{message.name}"
    yield f"message {name}", message.options.map_entry
    for field in message.field:
        yield f"field {name}.{field.name}", facts_of_field(field, message)
    yield f"reserved {name}", ([(r.start, r.end) for r in message.reserved_range], list(message.reserved_name))
    for nested in message.nested_type:
        yield from facts_of_message(nested, name)
    for enum in message.enum_type:
        yield from facts_of_enum(enum, name)


def facts_of_service(service, scope):
    name = f"{scope}.{service.name}"
    yield f"service {name}", True
    for method in service.method:
        facts = (method.input_type, method.output_type, method.client_streaming, method.server_streaming)
        yield f"method {name}.{method.name}", facts


def facts_of_file(file):
    """What a file declares: a name to what is fixed about it."""
    yield "package", (file.package, file.syntax)
    for message in file.message_type:
        yield from facts_of_message(message, file.package)
    for enum in file.enum_type:
        yield from facts_of_enum(enum, file.package)
    for service in file.service:
        yield from facts_of_service(service, file.package)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    out = tmp_path_factory.mktemp("descriptors") / "ours.bin"
    names = [str(path.relative_to(PROTO_ROOT)) for path in sorted(PROTO_ROOT.rglob("*.proto"))]
    subprocess.run(
        ["protoc", f"--proto_path={PROTO_ROOT}", "--include_imports", f"--descriptor_set_out={out}", *names], check=True
    )
    files = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
    return {file.name: dict(facts_of_file(file)) for file in files if not file.name.startswith("google/")}


def engines(name):
    file = descriptor_pb2.FileDescriptorProto()
    ENGINE[name].CopyToProto(file)
    return dict(facts_of_file(file))


def test_every_file_of_ours_is_one_of_the_engines(ours):
    assert sorted(ours) == sorted(ENGINE)


@pytest.mark.parametrize("name", sorted(ENGINE))
def test_each_declaration_is_the_engines(ours, name):
    assert ours[name] == engines(name)


def test_a_changed_field_is_noticed():
    file = descriptor_pb2.FileDescriptorProto()
    ENGINE["pulumi/analyzer.proto"].CopyToProto(file)
    before = dict(facts_of_file(file))
    file.message_type[0].field[0].number += 100
    assert dict(facts_of_file(file)) != before
