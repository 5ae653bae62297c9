"""Beginnings of stories."""

import pytest

from tests.handlers import quarrel as story
from tests.town import Town


@pytest.fixture
async def quarrel(town: Town) -> Town:
    return await story.reported(town)
