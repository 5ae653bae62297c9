"""A week of a township in a second: the real rules, storage, dispatcher and pump, seeded chance, and no real time."""
