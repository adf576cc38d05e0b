"""Opening hours as a city writes them: a table of days, or in a department "city" or "always"."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from configuration.mistakes import shown

DAY = 86_400
_HOURS = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")

Interval = tuple[int, int]


def _interval(value: object) -> Interval:
    found = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'{shown(value)} is not hours such as "08:00-12:00"')
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    start, end = first_hour * 3600 + first_minute * 60, last_hour * 3600 + last_minute * 60
    if max(first_minute, last_minute) > 59 or start >= DAY or end > DAY:
        raise ValueError(f"{shown(value)} is not within 00:00-24:00")
    if end <= start:
        raise ValueError(f"{shown(value)} must end after it starts")
    return start, end


def _written(interval: Interval) -> str:
    start, end = (f"{seconds // 3600:02}:{seconds % 3600 // 60:02}" for seconds in interval)
    return f'"{start}-{end}"'


def _day(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """In order, and hours that touch made one."""
    day: list[Interval] = []
    for interval in sorted(intervals):
        if day and interval[0] < day[-1][1]:
            raise ValueError(f"{_written(day[-1])} and {_written(interval)} overlap")
        if day and interval[0] == day[-1][1]:
            day[-1] = (day[-1][0], interval[1])
        else:
            day.append(interval)
    return tuple(day)


DayHours = Annotated[
    list[Annotated[Interval, PlainValidator(_interval)]],
    AfterValidator(_day),
]


class Hours(BaseModel):
    """The hours of a week; a day that is not there is a day off."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    monday: DayHours = Field(default_factory=list)
    tuesday: DayHours = Field(default_factory=list)
    wednesday: DayHours = Field(default_factory=list)
    thursday: DayHours = Field(default_factory=list)
    friday: DayHours = Field(default_factory=list)
    saturday: DayHours = Field(default_factory=list)
    sunday: DayHours = Field(default_factory=list)

    @model_validator(mode="after")
    def _some_day(self) -> "Hours":
        if not any(self.week):
            raise ValueError("has no hours on any day")
        return self

    @property
    def week(self) -> tuple[tuple[Interval, ...], ...]:
        days = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return tuple(map(tuple, days))


class Always(Hours):
    """Day and night, holidays too."""


def _choice(value: object, read_table: ValidatorFunctionWrapHandler) -> Any:
    if value == "city":
        return None
    if value == "always":
        around_the_clock = ["00:00-24:00"]
        return Always.model_validate(dict.fromkeys(Hours.model_fields, around_the_clock))
    if not isinstance(value, dict):
        raise ValueError(f'must be "city", "always" or a table of days, not {shown(value)}')
    return read_table(value)


DepartmentHours = Annotated[Hours | None, WrapValidator(_choice)]
"""None: the city's own."""
