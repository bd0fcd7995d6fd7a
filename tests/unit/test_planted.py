"""The planted faults fit the program, and each changes what it says it changes."""

import pytest
from planted import MISSION, PLANTED, STACK_DIR, PlantError, apply, copy_stack

RULES = [
    "allowed-region",
    "name-suffix",
    "shared-cmk",
    "ecs-private-subnets",
    "kinesis-encryption",
    "rds-encryption",
    "redis-encryption",
    "kinesis-shard-count",
    "ecs-task-count",
    "vpc-topology",
    "security-group-least-privilege",
    "rds-operations",
    "database-credentials",
    "log-group-encryption",
    "required-alarms",
    "ecr-repository",
    "kms-key-rotation",
    "iam-least-privilege",
    "required-tags",
    "required-outputs",
]


def test_there_is_one_fault_for_every_rule_the_mission_first():
    assert [planted.rule for planted in PLANTED] == RULES
    assert len(MISSION) == 9


@pytest.mark.parametrize("planted", PLANTED, ids=RULES)
def test_the_fault_fits_once_and_changes_the_rendered_stack(applied, faulty, planted):
    stack = faulty(planted, False)
    assert stack.one(planted.type, planted.resource)
    assert (stack.resources, stack.outputs) != (applied.resources, applied.outputs)


def test_a_fault_that_does_not_fit_is_refused(tmp_path):
    copy = copy_stack(tmp_path / "stack")
    apply(PLANTED[0], copy)
    file = copy / PLANTED[0].file
    file.write_text(file.read_text() * 2)
    with pytest.raises(PlantError, match="occurs 2 times"):
        apply(PLANTED[0], copy)


def test_the_program_itself_is_never_touched():
    with pytest.raises(PlantError, match="use a copy"):
        apply(PLANTED[0], STACK_DIR)
