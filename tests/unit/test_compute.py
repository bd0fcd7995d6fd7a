"""The registry, the roles and the order processor."""

import json

import pytest
from places import REPOSITORY
from stack_view import statements


def only_container(stack):
    (container,) = json.loads(stack.inputs("taskDefinition:TaskDefinition")["containerDefinitions"])
    return container


@pytest.fixture(scope="session")
def container(applied):
    return only_container(applied)


def policy(stack, part):
    """The statements of a role's policy, by their Sid."""
    (found,) = [p for p in stack.all("rolePolicy:RolePolicy") if p["name"].startswith(f"fastcart-{part}-policy-")]
    return {statement["Sid"]: statement for statement in statements(found["inputs"]["policy"])}


def test_images_are_scanned_encrypted_and_never_replaced(applied):
    repository = applied.inputs("repository:Repository")
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"][0]["encryptionType"] == "KMS"


def test_only_old_untagged_images_expire(applied):
    (rule,) = json.loads(applied.inputs("lifecyclePolicy:LifecyclePolicy")["policy"])["rules"]
    assert rule["selection"] == {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 30}
    assert rule["action"] == {"type": "expire"}


def test_two_tasks_run_on_fargate_in_the_private_subnets(applied):
    service = applied.inputs("ecs/service:Service")
    private = [applied.one("ec2/subnet:Subnet", f"fastcart-private-{index}-dev")["id"] for index in (1, 2)]
    assert service["launchType"] == "FARGATE"
    assert service["desiredCount"] == 2
    assert service["networkConfiguration"]["subnets"] == private
    assert service["networkConfiguration"]["assignPublicIp"] is False


def test_a_deployment_never_goes_below_the_wanted_tasks_and_rolls_back(applied):
    service = applied.inputs("ecs/service:Service")
    assert service["deploymentMinimumHealthyPercent"] == 100
    assert service["deploymentMaximumPercent"] == 200
    assert service["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


def test_scaling_owns_the_number_of_tasks_and_keeps_two(applied):
    target = applied.inputs("appautoscaling/target:Target")
    assert (target["minCapacity"], target["maxCapacity"]) == (2, 10)
    assert target["resourceId"] == "service/fastcart-dev/fastcart-order-processor-dev"
    assert applied.one("ecs/service:Service")["options"]["ignoreChanges"] == ["desiredCount"]


def test_the_container_is_checked_read_only_and_logs_to_the_encrypted_group(applied, container):
    group = applied.inputs("logGroup:LogGroup", "fastcart-task-logs-dev")["name"]
    assert container["healthCheck"]["command"][0] == "CMD-SHELL"
    assert container["readonlyRootFilesystem"] is True
    assert container["mountPoints"] == [{"sourceVolume": "scratch", "containerPath": "/tmp", "readOnly": False}]
    assert applied.inputs("taskDefinition:TaskDefinition")["volumes"] == [{"name": "scratch"}]
    assert container["logConfiguration"]["logDriver"] == "awslogs"
    assert container["logConfiguration"]["options"]["awslogs-group"] == group


def test_the_page_says_what_the_image_finds_and_has_to_bring(container):
    page = (REPOSITORY / "stack/README.md").read_text().split("## The order processor's image")[1].split("\n## ")[0]
    said = [f"`{entry['name']}`" for entry in container["environment"]]
    said += [f"`{point['containerPath']}`" for point in container["mountPoints"]]
    check = container["healthCheck"]
    said += [f"every {check['interval']} seconds", f"within {check['timeout']}"]
    said += [f"{container['stopTimeout']} seconds to end"]
    assert (check["startPeriod"], check["retries"]) == (60, 3), "the page says: a minute, three times"
    assert [words for words in said if words not in page] == []


def test_the_container_runs_the_image_of_the_repository(applied, container):
    assert container["image"] == applied.one("repository:Repository")["outputs"]["repositoryUrl"] + ":1.0.0"


def test_the_task_definition_holds_no_secret(applied, container):
    text = json.dumps(container)
    assert "offline-Only" not in text
    assert {entry["name"] for entry in container["environment"]} == {
        "AWS_REGION",
        "CACHE_SECRET_NAME",
        "DATABASE_SECRET_NAME",
        "ORDER_STREAM_NAME",
    }


def test_the_cluster_is_watched_and_its_metrics_go_to_the_encrypted_group(applied):
    cluster = applied.one("ecs/cluster:Cluster")
    assert cluster["inputs"]["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    insights = applied.one("logGroup:LogGroup", "fastcart-insights-logs-dev")
    assert insights["inputs"]["name"] == "/aws/ecs/containerinsights/fastcart-dev/performance"
    assert insights["urn"] in cluster["dependencies"], "ECS would make it first, unencrypted"


TASK_ACTIONS = {
    "ReadOrders": {
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    },
    "ReadCredentials": {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"},
    "DecryptOrdersAndCredentials": {"kms:Decrypt"},
}
EXEC_ACTIONS = {
    "ExecChannels": {
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    },
    "ExecSessionKey": {"kms:Decrypt"},
    "ExecLog": {"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
    "ExecFindLog": {"logs:DescribeLogGroups"},
}
EXECUTION_ACTIONS = {
    "RegistryToken": {"ecr:GetAuthorizationToken"},
    "PullImage": {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
    "WriteLog": {"logs:CreateLogStream", "logs:PutLogEvents"},
}
PERMISSIONS = [
    ("applied", "task", TASK_ACTIONS),
    ("everything_on", "task", TASK_ACTIONS | EXEC_ACTIONS),
    ("applied", "execution", EXECUTION_ACTIONS),
    ("everything_on", "execution", EXECUTION_ACTIONS),
]


@pytest.mark.parametrize("environment,part,wanted", PERMISSIONS)
def test_roles_may_do_exactly_what_they_need(request, environment, part, wanted):
    granted = policy(request.getfixturevalue(environment), part)
    assert {sid: set(statement["Action"]) for sid, statement in granted.items()} == wanted
    assert {statement["Effect"] for statement in granted.values()} == {"Allow"}


@pytest.mark.parametrize("environment,suffix", [("applied", "dev"), ("everything_on", "prod")])
def test_every_use_of_a_key_is_tied_to_the_shared_one_and_to_its_purpose(request, environment, suffix):
    granted = policy(request.getfixturevalue(environment), "task")
    shared = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": [f"alias/fastcart-{suffix}"]}}
    services = ["kinesis.eu-central-1.amazonaws.com", "secretsmanager.eu-central-1.amazonaws.com"]
    conditions = {"DecryptOrdersAndCredentials": {**shared, "StringEquals": {"kms:ViaService": services}}}
    if environment == "everything_on":
        conditions["ExecSessionKey"] = shared
    assert {sid: s["Condition"] for sid, s in granted.items() if "Condition" in s} == conditions
    assert {sid for sid, s in granted.items() if any(a.startswith("kms:") for a in s["Action"])} == set(conditions)


@pytest.mark.parametrize("environment", ["applied", "everything_on"])
def test_every_permission_names_its_actions_and_resources(request, environment):
    stack = request.getfixturevalue(environment)
    for policy in stack.all("rolePolicy:RolePolicy"):
        for statement in statements(policy["inputs"]["policy"]):
            assert not any("*" in action for action in statement["Action"])
            if "*" in statement["Resource"]:
                assert statement["Sid"] in ("RegistryToken", "ExecChannels")


def test_roles_serve_only_the_tasks_of_this_account_and_region(applied):
    assert len(applied.all("iam/role:Role")) == 2
    for role in applied.all("iam/role:Role"):
        (statement,) = statements(role["inputs"]["assumeRolePolicy"])
        assert statement == {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-central-1:123456789012:*"},
            },
        }


def test_permissions_fit_the_resources_of_the_stack(applied):
    granted = {
        resource
        for policy in applied.all("rolePolicy:RolePolicy")
        for statement in statements(policy["inputs"]["policy"])
        for resource in statement["Resource"]
    }
    for kind in ("kinesis/stream:Stream", "repository:Repository"):
        assert applied.one(kind)["outputs"]["arn"] in granted
    assert applied.one("LogGroup", "fastcart-task-logs-dev")["outputs"]["arn"] + ":*" in granted
    for secret in applied.all("secret:Secret"):
        assert secret["outputs"]["arn"][:-6] + "??????" in granted


def test_a_shell_in_a_container_is_possible_only_when_asked_for(applied, everything_on):
    for stack, enabled in ((applied, False), (everything_on, True)):
        assert stack.inputs("ecs/service:Service")["enableExecuteCommand"] is enabled
        assert ("ssmmessages" in stack.text()) is enabled
        assert only_container(stack)["readonlyRootFilesystem"] is not enabled, "the agent has to write"


NEEDED = {
    "permissions": ("task-policy", "execution-policy"),
    "routes": ("private-default", "private-1-routes", "private-2-routes", "public-default", "public-1-routes"),
    "rules": (
        "service-to-https",
        "service-to-database",
        "service-to-cache",
        "database-from-service",
        "cache-from-service",
    ),
    "secrets": ("database-credentials-version", "cache-credentials-version"),
}


@pytest.mark.parametrize("kind", NEEDED)
def test_tasks_start_after_what_they_need(applied, kind):
    dependencies = {urn.split("::")[-1] for urn in applied.one("ecs/service:Service")["dependencies"]}
    assert {f"fastcart-{part}-dev" for part in NEEDED[kind]} <= dependencies
