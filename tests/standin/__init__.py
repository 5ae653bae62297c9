"""Services that stand in for the real ones, on loopback, as strict as their own descriptions allow."""
