"""Figures for Prometheus: how much came in, went out and lies where. Nobody's name, no chat, no words."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from storage.store import Store

REGISTRY = CollectorRegistry()

HANDLED = Counter("gridbot_updates_handled", "Updates that were handled.", registry=REGISTRY)
DELIVERIES = Counter(
    "gridbot_deliveries",
    "Deliveries that ended; queued is one that will be tried again.",
    ["channel", "promise", "outcome"],
    registry=REGISTRY,
)
FINDINGS = Gauge("gridbot_findings", "What the last audit found wrong, by what it is.", ["what"], registry=REGISTRY)

_TICK_AGE = Gauge("gridbot_tick_age_seconds", "Since the clock last looked for deadlines.", registry=REGISTRY)
_LIES = {
    "inbox": Gauge("gridbot_inbox", "Updates that are not handled, by state.", ["state"], registry=REGISTRY),
    "outbox": Gauge(
        "gridbot_outbox",
        "Messages that have not arrived, by state and promise.",
        ["state", "promise"],
        registry=REGISTRY,
    ),
    "open_cases": Gauge(
        "gridbot_open_cases", "Cases that something is owed on, by state.", ["state"], registry=REGISTRY
    ),
}


async def figures(store: Store, tick_age: float) -> tuple[bytes, str]:
    """What Prometheus reads, and its content type."""
    async with store.transaction():
        lying = await store.audit.figures()
    _TICK_AGE.set(tick_age)
    for gauge in _LIES.values():
        gauge.clear()
    for name, labels, count in lying:
        _LIES[name].labels(**labels).set(count)
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
