"""What the bot does for the neighbourhood: one module a feature. Reading this folder is reading the product."""

from handlers import (
    acknowledge,
    additions,
    assign,
    behalf,
    cancel,
    chats,
    correct,
    enroll,
    escalate,
    grids,
    help,  # noqa: A004 -- the feature's name
    listen,
    merge,
    overdue,
    questions,
    report,
    resolve,
    status,
    verify,
)

FEATURES = (
    report,
    behalf,
    listen,
    questions,
    additions,
    correct,
    status,
    cancel,
    acknowledge,
    assign,
    escalate,
    resolve,
    verify,
    merge,
    overdue,
    enroll,
    grids,
    chats,
    help,
)
"""In the order in which 帮助 names them."""
