"""A double of the Pulumi AWS provider, for this project's tests only: it works on a moto server, never on AWS.

The engine finds it on PATH as ``pulumi-resource-aws`` and talks to it as to the real one. Previews and Check make no
API call. docs/deploying.md lists the API calls that it makes for each resource type; everything that is
not a call is emulated, and listed here.

What moto cannot do, or AWS does behind the scenes, and what the double does instead:

| resource | what | how it is emulated |
| --- | --- | --- |
| all | `getCallerIdentity` and the other data sources | answered from constants: moto's account 123456789012 |
| all | several inputs that only instruct the provider, or that moto does not keep (`Kind.held`) | kept in the state |
| `ec2/vpc` | network address usage metrics, IPv6 attributes | constants |
| `ec2/natGateway` | its network interface outlives it | deleted with it |
| `ec2/vpcEndpoint` | DNS entries, policy, network details; changes in place | constants; replaced instead |
| `cloudwatch/logGroup` | its key cannot be changed | made anew, empty |
| `rds/instance` | Performance Insights, final engine version, option group, hosted zone | kept or constants |
| `rds/parameterGroup` | reading parameters back | kept in the state |
| `elasticache/replicationGroup` | stays `deleting` for ever | counted as gone |
| `elasticache/replicationGroup` | engine version, port, groups, windows are not shown; few can be modified | kept in the state; the rest replaces |
| `elasticache/replicationGroup` | `NumCacheClusters` is not heeded; no reader endpoint | sent as replicas per node group; derived |
| `elasticache/subnetGroup` | cannot be deleted | stays behind |
| `secretsmanager/secretVersion` | a current version cannot be removed | goes with its secret, as on AWS |
| `secretsmanager/secretRotation` | would run the Lambda function | kept in the state |
| `ecs/service` | circuit breaker, percentages, execute command, platform version, rebalancing; no task is started | kept in the state |
| `appautoscaling/target` | tags | kept in the state |
| `kms/key`, `secretsmanager/secret` | wait for their window after deletion | counted as gone, as the real provider does |
"""
