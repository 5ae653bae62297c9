"""The baseline of a broadcast: python-telegram-bot with its own rate limiter, in a loop, which stores nothing."""

import asyncio
import sys

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application

from tests.faults.promises import TEXT, groups
from tests.standin.telegram import TOKEN


async def tell(base_url: str, chats: int) -> None:
    app = Application.builder().token(TOKEN).base_url(base_url).rate_limiter(AIORateLimiter()).build()
    async with app:
        for chat in groups(chats):
            try:
                await app.bot.send_message(chat, TEXT)
            except TelegramError as error:
                print(chat, error, file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(tell(sys.argv[1], int(sys.argv[2])))
