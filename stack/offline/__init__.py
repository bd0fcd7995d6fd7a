"""Renders the FastCart program without Pulumi CLI, AWS account or network, and records what it registers."""
