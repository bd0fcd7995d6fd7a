"""A double of the Pulumi AWS provider, for this project's tests only: it works on a moto server, never on AWS."""
