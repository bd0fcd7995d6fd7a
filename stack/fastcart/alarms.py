"""CloudWatch alarms on the stream and the database, and the topic that they notify."""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .config import AlarmConfig
from .naming import Names

GIB = 1024**3


@dataclass(frozen=True)
class AlarmsArgs:
    """Thresholds, what is watched, and the key of the topic."""

    alarms: AlarmConfig
    stream: aws.kinesis.Stream
    database: aws.rds.Instance
    key_arn: pulumi.Input[str]


@dataclass(frozen=True)
class Watch:
    """One metric and when it is bad: ``periods`` times ``period`` seconds in a row beyond ``threshold``.

    ``missing`` says what no data means: ``breaching`` where silence itself is the fault.
    """

    namespace: str
    metric: str
    statistic: str
    comparison: str
    threshold: float
    period: int
    periods: int
    missing: str
    meaning: str


class Alarms(Component):
    """Alarms on consumers that lag, writes that are refused, and a database that is busy or full."""

    def __init__(self, names: Names, args: AlarmsArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Alarms", names, "alarms", opts)
        self.topic = self._topic(args)
        stream = {"StreamName": args.stream.name}
        database = {"DBInstanceIdentifier": args.database.identifier}
        self.iterator_age = self._alarm("iterator-age", _iterator_age(args.alarms), stream)
        self.throttled_writes = self._alarm("throttled-writes", _throttled_writes(args.alarms), stream)
        self.database_cpu = self._alarm("database-cpu", _database_cpu(args.alarms), database)
        self.database_storage = self._alarm("database-storage", _database_storage(args.alarms), database)
        self.register_outputs({"topicArn": self.topic.arn})

    def _topic(self, args: AlarmsArgs) -> aws.sns.Topic:
        name = self.names.of("alarm-topic")
        topic = aws.sns.Topic(
            name, name=name, kms_master_key_id=args.key_arn, tags={"Name": name}, opts=self.child()
        )
        if args.alarms.email is not None:
            aws.sns.TopicSubscription(
                self.names.of("alarm-email"),
                topic=topic.arn,
                protocol="email",
                endpoint=args.alarms.email,
                opts=self.child(),
            )
        return topic

    def _alarm(self, part: str, watch: Watch, dimensions: dict[str, pulumi.Input[str]]) -> aws.cloudwatch.MetricAlarm:
        name = self.names.of(part)
        return aws.cloudwatch.MetricAlarm(
            name,
            name=name,
            alarm_description=watch.meaning,
            namespace=watch.namespace,
            metric_name=watch.metric,
            dimensions=dimensions,
            statistic=watch.statistic,
            comparison_operator=watch.comparison,
            threshold=watch.threshold,
            period=watch.period,
            evaluation_periods=watch.periods,
            treat_missing_data=watch.missing,
            actions_enabled=True,
            alarm_actions=[self.topic.arn],
            ok_actions=[self.topic.arn],
            tags={"Name": name},
            opts=self.child(),
        )


def _iterator_age(alarms: AlarmConfig) -> Watch:
    return Watch(
        namespace="AWS/Kinesis",
        metric="GetRecords.IteratorAgeMilliseconds",
        statistic="Maximum",
        comparison="GreaterThanThreshold",
        threshold=alarms.iterator_age_ms,
        period=60,
        periods=5,
        missing="breaching",
        meaning="Orders wait in the stream: the processors lag, or none is reading",
    )


def _throttled_writes(alarms: AlarmConfig) -> Watch:
    return Watch(
        namespace="AWS/Kinesis",
        metric="WriteProvisionedThroughputExceeded",
        statistic="Sum",
        comparison="GreaterThanThreshold",
        threshold=alarms.throttled_writes,
        period=60,
        periods=5,
        missing="notBreaching",
        meaning="The stream refuses orders: it has too few shards",
    )


def _database_cpu(alarms: AlarmConfig) -> Watch:
    return Watch(
        namespace="AWS/RDS",
        metric="CPUUtilization",
        statistic="Average",
        comparison="GreaterThanThreshold",
        threshold=alarms.database_cpu_percent,
        period=300,
        periods=3,
        missing="missing",
        meaning="The order database is short of CPU",
    )


def _database_storage(alarms: AlarmConfig) -> Watch:
    return Watch(
        namespace="AWS/RDS",
        metric="FreeStorageSpace",
        statistic="Minimum",
        comparison="LessThanThreshold",
        threshold=alarms.database_free_storage_gib * GIB,
        period=300,
        periods=3,
        missing="missing",
        meaning="The order database is almost full",
    )
