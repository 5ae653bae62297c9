"""Stand-ins for the services that the bot talks to, for tests and benches on one machine."""
