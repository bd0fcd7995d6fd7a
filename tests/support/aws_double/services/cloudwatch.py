"""CloudWatch metric alarms."""

from __future__ import annotations

from ..aws import Aws, present, tag_list, tag_map
from ..kind import Kind, Missing, update
from ..wire import Props


def _put(aws: Aws, props: Props) -> str:
    """Make or overwrite: the API has one call for both."""
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=props["name"],
        ComparisonOperator=props["comparisonOperator"],
        EvaluationPeriods=props["evaluationPeriods"],
        ActionsEnabled=props["actionsEnabled"],
        TreatMissingData=props["treatMissingData"],
        Dimensions=tag_list(props.get("dimensions"), "Name", "Value"),
        Tags=tag_list(props.get("tagsAll")),
        **present(
            AlarmActions=props.get("alarmActions"),
            AlarmDescription=props.get("alarmDescription"),
            DatapointsToAlarm=props.get("datapointsToAlarm"),
            MetricName=props.get("metricName"),
            Namespace=props.get("namespace"),
            OKActions=props.get("okActions"),
            Period=props.get("period"),
            Statistic=props.get("statistic"),
            Threshold=props.get("threshold"),
        ),
    )
    return props["name"]


def _overwrite(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    _put(aws, new)


def _read(aws: Aws, identity: str, _state: Props) -> Props:
    cloudwatch = aws.client("cloudwatch")
    alarms = cloudwatch.describe_alarms(AlarmNames=[identity])["MetricAlarms"]
    if not alarms:
        raise Missing
    alarm = alarms[0]
    return {
        "actionsEnabled": alarm["ActionsEnabled"],
        "alarmActions": alarm.get("AlarmActions"),
        "alarmDescription": alarm.get("AlarmDescription"),
        "arn": alarm["AlarmArn"],
        "comparisonOperator": alarm["ComparisonOperator"],
        "dimensions": tag_map(alarm.get("Dimensions"), "Name", "Value"),
        "evaluateLowSampleCountPercentiles": "",
        "evaluationPeriods": alarm["EvaluationPeriods"],
        "metricName": alarm.get("MetricName"),
        "name": identity,
        "namespace": alarm.get("Namespace"),
        "okActions": alarm.get("OKActions"),
        "period": alarm.get("Period"),
        "statistic": alarm.get("Statistic"),
        "threshold": alarm.get("Threshold"),
        "treatMissingData": alarm.get("TreatMissingData"),
        "tagsAll": tag_map(cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]),
    }


def _delete(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("cloudwatch").delete_alarms(AlarmNames=[identity])


KINDS = (
    Kind(
        token="aws:cloudwatch/metricAlarm:MetricAlarm",
        create=_put,
        read=_read,
        delete=_delete,
        updates=(
            update(
                "actionsEnabled",
                "alarmActions",
                "alarmDescription",
                "comparisonOperator",
                "datapointsToAlarm",
                "dimensions",
                "evaluationPeriods",
                "metricName",
                "namespace",
                "okActions",
                "period",
                "statistic",
                "tagsAll",
                "threshold",
                "treatMissingData",
                apply=_overwrite,
            ),
        ),
        replaced_by=frozenset({"name", "region"}),
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
    ),
)
