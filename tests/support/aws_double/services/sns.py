"""SNS topics and subscriptions."""

from __future__ import annotations

from typing import Any

from ..aws import Aws, tag_changes, tag_list, tag_map
from ..kind import Kind, update
from ..wire import Props

_ATTRIBUTES = {"kmsMasterKeyId": "KmsMasterKeyId", "displayName": "DisplayName", "policy": "Policy"}
"""Attributes of a topic: Pulumi's name and the API's."""


def _create_topic(aws: Aws, props: Props) -> str:
    attributes = {api: props[name] for name, api in _ATTRIBUTES.items() if name in props}
    made = aws.client("sns").create_topic(
        Name=props["name"], Attributes=attributes, Tags=tag_list(props.get("tagsAll"))
    )
    return made["TopicArn"]


def _set_attributes(aws: Aws, identity: str, old: Props, new: Props) -> None:
    for name, api in _ATTRIBUTES.items():
        if old.get(name) != new.get(name):
            aws.client("sns").set_topic_attributes(
                TopicArn=identity, AttributeName=api, AttributeValue=new.get(name, "")
            )


def _retag(aws: Aws, identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    sns = aws.client("sns")
    sns.untag_resource(ResourceArn=identity, TagKeys=unwanted)
    sns.tag_resource(ResourceArn=identity, Tags=tag_list(wanted))


def _read_topic(aws: Aws, identity: str, _state: Props) -> Props:
    sns = aws.client("sns")
    attributes: dict[str, Any] = sns.get_topic_attributes(TopicArn=identity)["Attributes"]
    return {
        "arn": identity,
        "beginningArchiveTime": "",
        "displayName": attributes.get("DisplayName", ""),
        "fifoThroughputScope": "",
        "kmsMasterKeyId": attributes.get("KmsMasterKeyId"),
        "name": identity.rsplit(":", 1)[1],
        "namePrefix": "",
        "owner": attributes["Owner"],
        "policy": attributes["Policy"],
        "signatureVersion": 0,
        "tracingConfig": "PassThrough",
        "tagsAll": tag_map(sns.list_tags_for_resource(ResourceArn=identity)["Tags"]),
    }


def _delete_topic(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("sns").delete_topic(TopicArn=identity)


def _subscribe(aws: Aws, props: Props) -> str:
    made = aws.client("sns").subscribe(
        TopicArn=props["topic"], Protocol=props["protocol"], Endpoint=props["endpoint"], ReturnSubscriptionArn=True
    )
    return made["SubscriptionArn"]


def _read_subscription(aws: Aws, identity: str, _state: Props) -> Props:
    attributes = aws.client("sns").get_subscription_attributes(SubscriptionArn=identity)["Attributes"]
    return {
        "arn": identity,
        "confirmationWasAuthenticated": False,
        "endpoint": attributes["Endpoint"],
        "filterPolicyScope": "",
        "ownerId": attributes["Owner"],
        "pendingConfirmation": attributes.get("PendingConfirmation") == "true",
        "protocol": attributes["Protocol"],
        "topic": attributes["TopicArn"],
    }


def _unsubscribe(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("sns").unsubscribe(SubscriptionArn=identity)


KINDS = (
    Kind(
        token="aws:sns/topic:Topic",
        create=_create_topic,
        read=_read_topic,
        delete=_delete_topic,
        updates=(update(*_ATTRIBUTES, apply=_set_attributes), update("tagsAll", apply=_retag)),
        replaced_by=frozenset({"name", "namePrefix", "fifoTopic", "region"}),
        defaults={"contentBasedDeduplication": False, "fifoTopic": False},
    ),
    Kind(
        token="aws:sns/topicSubscription:TopicSubscription",
        create=_subscribe,
        read=_read_subscription,
        delete=_unsubscribe,
        replaced_by=frozenset({"topic", "protocol", "endpoint", "region"}),
        held=frozenset({"confirmationTimeoutInMinutes", "endpointAutoConfirms", "rawMessageDelivery"}),
        defaults={"confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": False, "rawMessageDelivery": False},
    ),
)
