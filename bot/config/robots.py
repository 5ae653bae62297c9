"""[[robots]]: groups that have a robot of their own, and the addresses by which these speak, which are secrets."""

import os
import re
from collections.abc import Sequence

from pydantic import Field, SecretStr, field_validator

from bot.config.faults import ConfigError
from bot.config.sections import Section
from domain.language import _

_ROBOT = re.compile(r"https://[^/\s?#]+/\S*[?&]key=[\w-]+|http://(127\.0\.0\.1|localhost)(:\d+)?/\S*[?&]key=[\w-]+")
"""Whoever listens on the way of an address without TLS could speak in the group."""


class RobotSection(Section):
    grid: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]*$")
    url: SecretStr | None = None

    @field_validator("url")
    @classmethod
    def _address(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not _ROBOT.fullmatch(url.get_secret_value()):
            raise ValueError(_not_a_robot())
        return url

    @property
    def variable(self) -> str:
        """The name of the environment variable that may hold the address instead."""
        return f"GRIDBOT_ROBOT_{re.sub(r'[.-]', '_', self.grid)}"

    @property
    def known(self) -> str:
        """The address, from the environment first; empty where there is none."""
        return os.environ.get(self.variable) or (self.url.get_secret_value() if self.url else "")


def must_be_one_a_grid(robots: Sequence[RobotSection]) -> None:
    for n, robot in enumerate(robots):
        if any(robot.grid == other.grid for other in robots[:n]):
            raise ValueError(_("{grid} 写了两个群机器人，请只留一个").format(grid=robot.grid))


def urls(robots: Sequence[RobotSection]) -> dict[str, str]:
    """The address of each robot by its grid."""
    for robot in robots:
        if not _ROBOT.fullmatch(robot.known):
            missing = _("没有地址，请写上 url，或设环境变量 {name}").format(name=robot.variable)
            raise ConfigError(f"[[robots]] {robot.grid}：{_not_a_robot() if robot.known else missing}")
    return {robot.grid: robot.known for robot in robots}


def secrets(robots: Sequence[RobotSection]) -> list[str]:
    """A robot's key alone is as good as its address."""
    known = [url for one in robots for url in (one.known, one.url.get_secret_value() if one.url else "")]
    return [*known, *(url.partition("key=")[2].partition("&")[0] for url in known)]


def _not_a_robot() -> str:
    return _(
        "这不是群机器人的地址，请从群机器人那里整条复制，像 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=……"
    )
