"""The recovery passphrase and tokens of other programs."""
