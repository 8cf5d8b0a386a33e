"""What every request could say again is told once an hour."""

from cnddigest.wiring.rarely import HOUR, MOST, Rarely


def test_a_line_is_told_once_and_again_after_an_hour():
    told: list[str] = []
    moments = iter([0.0, 1.0, 2.0, HOUR + 1])
    rarely = Rarely(told.append, steady=lambda: next(moments))

    for line in ("one", "one", "another", "one"):
        rarely(line)

    assert told == ["one", "another", "one"]


def test_lines_without_end_are_not_told_without_end():
    told: list[str] = []
    rarely = Rarely(told.append, steady=lambda: 0.0)

    for number in range(MOST + 5):
        rarely(f"{number}")

    assert len(told) == MOST
