"""The secrets from which the tasks learn how to reach the database and the cache."""

from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .config import CacheConfig, DatabaseConfig
from .database import DATABASE
from .naming import Names


@dataclass(frozen=True)
class CredentialsArgs:
    """The stores, what opens them, and the key that guards it. ``recovery_days`` is how long a deleted secret stays."""

    database: DatabaseConfig
    database_instance: aws.rds.Instance
    cache: CacheConfig
    cache_group: aws.elasticache.ReplicationGroup
    key_arn: pulumi.Input[str]
    recovery_days: int


class Credentials(Component):
    """One secret per store, in the shape that AWS's rotation functions expect. Tasks read them at run time."""

    def __init__(self, names: Names, args: CredentialsArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Credentials", names, "credentials", opts)
        instance, group = args.database_instance, args.cache_group
        self.database, self.database_version = self._secret(
            "database-credentials",
            "How to reach the order database",
            {
                "engine": "postgres",
                "host": instance.address,
                "port": instance.port,
                "dbname": DATABASE,
                "dbInstanceIdentifier": instance.identifier,
                "username": args.database.username,
                "password": args.database.password,
            },
            args,
            rotated=args.database.rotation_lambda_arn is not None,
        )
        self.cache, self.cache_version = self._secret(
            "cache-credentials",
            "How to reach the hot data cache",
            {
                "host": group.primary_endpoint_address,
                "readerHost": group.reader_endpoint_address,
                "port": group.port,
                "authToken": args.cache.auth_token,
            },
            args,
        )
        self.versions: list[pulumi.Resource] = [self.database_version, self.cache_version]
        self._rotation(args)
        self.register_outputs({"databaseSecretArn": self.database.arn, "cacheSecretArn": self.cache.arn})

    def _secret(
        self, part: str, purpose: str, content: dict[str, Any], args: CredentialsArgs, rotated: bool = False
    ) -> tuple[aws.secretsmanager.Secret, aws.secretsmanager.SecretVersion]:
        """A secret with its first version. A rotated one gets its later versions from the rotation, not from here."""
        name = self.names.of(part)
        secret = aws.secretsmanager.Secret(
            name,
            name=name,
            description=f"{purpose} of {self.names.base}",
            kms_key_id=args.key_arn,
            recovery_window_in_days=args.recovery_days,
            tags={"Name": name},
            opts=self.child(),
        )
        version = aws.secretsmanager.SecretVersion(
            self.names.of(f"{part}-version"),
            secret_id=secret.id,
            secret_string=pulumi.Output.secret(pulumi.Output.json_dumps(content)),
            opts=self.child(ignore_changes=["secretString", "versionStages"] if rotated else None),
        )
        return secret, version

    def _rotation(self, args: CredentialsArgs) -> None:
        """Rotate the database credentials, when the config names a function that does it.

        AWS calls it at once, and it logs in with the credentials that it finds: both have to be there by then.
        """
        database = args.database
        if database.rotation_lambda_arn is None:
            return
        aws.secretsmanager.SecretRotation(
            self.names.of("database-credentials-rotation"),
            secret_id=self.database.id,
            rotation_lambda_arn=database.rotation_lambda_arn,
            rotation_rules={"automatically_after_days": database.rotation_days},
            opts=self.child(depends_on=[self.database_version, args.database_instance]),
        )
