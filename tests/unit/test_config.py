"""The stack config is validated, and every error names the key, the value and the fix."""

import re

import pytest
from fastcart.settings import ConfigError
from places import REPOSITORY

PASSWORD = "fastcart:databasePassword"
TOKEN = "fastcart:redisAuthToken"

REFUSED = [
    ("aws:region", "frankfurt", "an AWS region"),
    ("aws:region", None, "pulumi config set aws:region"),
    ("fastcart:environmentSuffix", "Dev", "lower-case"),
    ("fastcart:environmentSuffix", "", "lower-case"),
    ("fastcart:environmentSuffix", "-dev", "lower-case"),
    ("fastcart:environmentSuffix", "dev-", "lower-case"),
    ("fastcart:environmentSuffix", "a--b", "lower-case"),
    ("fastcart:environmentSuffix", "thirteenchars", "1 to 12"),
    ("fastcart:environmentSuffix", "twelve-with-a-hyphen", "1 to 12"),
    ("fastcart:environmentSuffix", "a-b-c-d-e-f-g", "1 to 12"),
    ("fastcart:availabilityZones", "eu-central-1a", "2 zones"),
    ("fastcart:availabilityZones", "eu-central-1a,eu-central-1a", "different zones"),
    ("fastcart:availabilityZones", "eu-central-1a,us-east-1b", "zones such as"),
    ("fastcart:availabilityZones", "eu-central-1a,eu-central-10b", "zones such as"),
    ("fastcart:vpcCidr", "10.20.0.0/33", "private IPv4 block"),
    ("fastcart:vpcCidr", "10.20.0.1/16", "private IPv4 block"),
    ("fastcart:vpcCidr", "10.0.0.0/8", "private IPv4 block"),
    ("fastcart:vpcCidr", "8.8.0.0/16", "private IPv4 block"),
    ("fastcart:vpcCidr", "169.254.0.0/16", "RFC 1918"),
    ("fastcart:vpcCidr", "127.0.0.0/16", "RFC 1918"),
    ("fastcart:vpcCidr", "240.0.0.0/16", "RFC 1918"),
    ("fastcart:vpcCidr", "192.0.2.0/24", "RFC 1918"),
    ("fastcart:vpcCidr", "172.32.0.0/16", "RFC 1918"),
    ("fastcart:vpcCidr", "10.20.0.0/255.255.0.0", "RFC 1918"),
    ("fastcart:vpcCidr", "10.20.0.0", "RFC 1918"),
    ("fastcart:vpcEndpoints", "yes", "true or false"),
    ("fastcart:streamShardCount", "1", "from 2 to 200"),
    ("fastcart:streamShardCount", "2.5", "whole number of shards"),
    ("fastcart:streamShardCount", "many", "whole number of shards"),
    ("fastcart:streamRetentionHours", "23", "from 24 to 8760"),
    ("fastcart:databaseBackupDays", "6", "from 7 to 35"),
    ("fastcart:databaseUsername", "postgres", "no reserved name"),
    ("fastcart:databaseUsername", "admin", "no reserved name"),
    ("fastcart:databaseUsername", "rdsrepladmin", "no reserved name"),
    ("fastcart:databaseUsername", "rds_superuser", "no reserved name"),
    ("fastcart:databaseUsername", "pg_orders", "no reserved name"),
    ("fastcart:databaseUsername", "user", "no reserved name"),
    ("fastcart:databaseInstanceClass", "t3.micro", "db.t3.micro"),
    ("fastcart:databaseEngineVersion", "9.6", "PostgreSQL version"),
    ("fastcart:databaseMaxStorageGib", "21", "from 22"),
    ("fastcart:databaseMaxStorageGib", "65537", "to 65536"),
    ("fastcart:rotationLambdaArn", "rotate", "ARN of a Lambda function"),
    ("fastcart:rotationLambdaArn", "arn:aws:lambda:us-east-1:123456789012:function:rotate", "in eu-central-1"),
    ("fastcart:rotationLambdaArn", "arn:aws:lambda:eu-central-1:1234:function:rotate", "in eu-central-1"),
    ("fastcart:rotationDays", "9", "Set fastcart:rotationLambdaArn"),
    ("fastcart:cacheNodeCount", "1", "from 2 to 6"),
    ("fastcart:serviceDesiredCount", "1", "from 2 to 100"),
    ("fastcart:serviceMaximumCount", "1", "from 2 to 1000"),
    ("fastcart:serviceCpu", "500", "256, 512, 1024"),
    ("fastcart:serviceMemoryMib", "2000", "for 512 CPU units"),
    ("fastcart:imageTag", "no spaces", "image tag"),
    ("fastcart:logRetentionDays", "31", "Use one of"),
    ("fastcart:logRetentionDays", "0", "from 1 to 365"),
    ("fastcart:recoveryWindowDays", "6", "Use one of 0, 7"),
    ("fastcart:recoveryWindowDays", "31", "from 0 to 30"),
    ("fastcart:alarmThrottledWrites", "-1", "from 0"),
    ("fastcart:alarmDatabaseCpuPercent", "101", "from 1 to 100"),
    ("fastcart:alarmDatabaseFreeStorageGib", "20", "from 1 to 19"),
    ("fastcart:alarmEmail", "nobody", "e-mail address"),
    ("aws:profile", " ", "name of a profile"),
    ("aws:allowedAccountIds", "123456789012", "account ids of 12 digits"),
    ("aws:allowedAccountIds", '["1234"]', "pulumi config set --path 'aws:allowedAccountIds[0]'"),
    ("aws:allowedAccountIds", '{"0": "123456789012"}', "account ids of 12 digits"),
    ("aws:allowedAccountIds", "[", "account ids of 12 digits"),
    (PASSWORD, None, "pulumi config set --secret fastcart:databasePassword"),
    (TOKEN, None, "pulumi config set --secret fastcart:redisAuthToken"),
]


@pytest.mark.parametrize("key,value,fix", REFUSED, ids=[f"{key}={value}" for key, value, _ in REFUSED])
def test_a_wrong_setting_is_refused_with_key_value_and_fix(load_config, key, value, fix):
    with pytest.raises(ConfigError) as refused:
        load_config({key: value})
    message = str(refused.value)
    assert message.startswith(f"config {key}: ")
    assert fix in message
    if value:
        shown = value.split(",")
        assert any(part in message for part in shown)


REFUSED_SECRETS = [
    (PASSWORD, "elevenChars"),
    (PASSWORD, "with space in it"),
    (PASSWORD, "with/slash-in-it"),
    (PASSWORD, "with@sign-in-it"),
    (PASSWORD, 'with"quote-in-it'),
    (PASSWORD, "p" * 129),
    (TOKEN, "fifteen-chars-1"),
    (TOKEN, "with-a-dot.in-the-token"),
    (TOKEN, "with@sign-in-the-token"),
    (TOKEN, "t" * 129),
]


@pytest.mark.parametrize("key,value", REFUSED_SECRETS)
def test_a_secret_that_aws_would_refuse_is_refused_without_showing_it(load_config, key, value):
    with pytest.raises(ConfigError) as refused:
        load_config({key: value})
    assert str(refused.value).startswith(f"config {key}: ")
    assert value not in str(refused.value)


@pytest.mark.parametrize("key", [PASSWORD, TOKEN])
def test_a_secret_in_plain_config_is_refused_without_showing_it(load_config, key):
    with pytest.raises(ConfigError) as refused:
        load_config({key: "Plain-but-long-enough-1"}, secret_keys=[])
    assert "plain text" in str(refused.value)
    assert "Plain-but" not in str(refused.value)


@pytest.mark.parametrize(
    "suffix", ["d", "dev", "pr-42", "team2-dev", "abcdefghijkl", "a-b-c-d-e-fg"]
)
def test_a_usual_suffix_is_accepted(load_config, suffix):
    assert load_config({"fastcart:environmentSuffix": suffix}).suffix == suffix


def test_the_suffix_may_be_spelled_as_the_guardrails_read_it_too(load_config):
    spelled = {"fastcart:environmentSuffix": None, "fastcart:environment_suffix": "blue"}
    assert load_config(spelled).suffix == "blue"
    with pytest.raises(ConfigError, match="environment_suffix: 'Blue' is not 1 to 12"):
        load_config({**spelled, "fastcart:environment_suffix": "Blue"})
    with pytest.raises(ConfigError, match="environment_suffix: is set, and so is fastcart:environmentSuffix"):
        load_config({"fastcart:environment_suffix": "blue"})


UNKNOWN = [
    ("aws:assumeRoles", "a profile with role_arn assumes a role"),
    ("aws:defaultTags", "pulumi config rm aws:defaultTags; its provider reads region, profile and allowedAccountIds"),
    ("aws:allowedAccounts", "Did you mean aws:allowedAccountIds?"),
    ("fastcart:streamShards", "Did you mean fastcart:streamShardCount?"),
    ("fastcart:deletionprotection", "Did you mean fastcart:deletionProtection?"),
    ("fastcart:database_multi_az", "Did you mean fastcart:databaseMultiAz?"),
    ("fastcart:colour", "pulumi config rm fastcart:colour; stack/README.md lists the settings"),
]


@pytest.mark.parametrize("key,fix", UNKNOWN, ids=[key for key, _ in UNKNOWN])
def test_a_setting_that_does_not_exist_is_refused_with_the_nearest_one(load_config, key, fix):
    with pytest.raises(ConfigError) as refused:
        load_config({key: "true"})
    assert str(refused.value).startswith(f"config {key}: is not read by this program. ")
    assert fix in str(refused.value)


@pytest.mark.parametrize("key", ["other:streamShards", "fastcart2:colour", "pulumi:tags"])
def test_what_belongs_to_others_is_left_to_them(load_config, key):
    load_config({key: "true"})


USUAL = [
    ("fastcart:vpcCidr", "172.31.0.0/16", lambda config: config.network.vpc_cidr),
    ("fastcart:vpcCidr", "192.168.4.0/22", lambda config: config.network.vpc_cidr),
    ("fastcart:databaseUsername", "orders", lambda config: config.database.username),
    ("fastcart:databaseUsername", "users", lambda config: config.database.username),
    ("fastcart:databaseMaxStorageGib", "22", lambda config: str(config.database.max_storage_gib)),
    ("fastcart:databaseMaxStorageGib", "65536", lambda config: str(config.database.max_storage_gib)),
]


@pytest.mark.parametrize("key,value,read", USUAL, ids=[f"{key}={value}" for key, value, _ in USUAL])
def test_a_usual_value_is_accepted(load_config, key, value, read):
    assert read(load_config({key: value})) == value


STORAGE = [("20", 100, 22), ("13107", 65535, 14418), ("13108", 65536, 14419), ("16384", 65536, 18023)]


@pytest.mark.parametrize("storage,default,least", STORAGE)
def test_storage_may_grow_as_far_as_aws_allows_and_by_a_tenth_at_least(load_config, storage, default, least):
    given = {"fastcart:databaseStorageGib": storage}
    assert load_config(given).database.max_storage_gib == default
    assert load_config({**given, "fastcart:databaseMaxStorageGib": str(least)}).database.max_storage_gib == least
    with pytest.raises(ConfigError, match=f"from {least} to 65536"):
        load_config({**given, "fastcart:databaseMaxStorageGib": str(least - 1)})


def test_the_suffix_is_the_stack_name_when_not_configured(load_config):
    assert load_config({"fastcart:environmentSuffix": None}).suffix == "stack"


def test_defaults_protect_an_environment_that_matters(load_config):
    config = load_config()
    assert config.lifecycle.deletion_protection and config.lifecycle.final_snapshot
    assert config.database.multi_az
    assert config.lifecycle.recovery_days == 30
    assert config.network.availability_zones == ("eu-central-1a", "eu-central-1b")


def test_settings_replace_defaults(load_config):
    config = load_config(
        {"fastcart:streamShardCount": "4", "fastcart:deletionProtection": "false", "fastcart:serviceCpu": "1024"}
    )
    assert config.stream.shard_count == 4
    assert config.lifecycle.deletion_protection is False
    assert config.service.memory_mib == 2048


def test_the_config_cannot_be_changed_after_it_is_read(load_config):
    with pytest.raises(AttributeError):
        load_config().suffix = "other"


def test_every_setting_is_documented_and_every_documented_one_exists():
    source = (REPOSITORY / "stack/fastcart/config.py").read_text()
    call = r"settings\.(?:text|optional_text|integer|integer_of|flag|secret)\(\s*(?:settings\.spelled\()?\"(\w+)\""
    read = set(re.findall(call, source))
    page = (REPOSITORY / "stack/README.md").read_text()
    assert read == set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    of_provider = set(re.findall(r"of_provider\.(?:text|optional_text|optional_list)\(\s*\"(\w+)\"", source))
    assert of_provider == set(re.findall(r"^\| `aws:(\w+)` \|", page, re.MULTILINE)) == {
        "region",
        "profile",
        "allowedAccountIds",
    }


def test_no_secret_is_committed_in_the_stack_files():
    for file in (REPOSITORY / "stack").glob("Pulumi.*.yaml"):
        keys = re.findall(r"^\s+([\w:]+):", file.read_text(), re.MULTILINE)
        assert PASSWORD not in keys and TOKEN not in keys and "secure" not in keys
