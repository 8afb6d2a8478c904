"""Wrong sentences fall and true ones stand, as often as promised."""

from eval.verifier import CAUGHT, ENOUGH, REJECTED, measure
from qa.engine import Engine


def test_the_goals_hold_on_the_bundled_policies(engine: Engine) -> None:
    figures = measure(engine)
    assert figures.true >= ENOUGH
    assert figures.rejected_share <= REJECTED, figures.rejected_shown
    assert figures.total.share >= CAUGHT, [row for row in figures.rows if row.missed]
    assert figures.holds
