"""Compares two TensorBoard folders by TensorBoard's own reader, and draws the loss: `curve.py EVICTED CALM PNG`."""

import sys

from PIL import Image, ImageDraw
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

WIDTH, HEIGHT, MARGIN = 900, 320, 40
TAG = "loss"


def curve(folder: str) -> dict[str, list[tuple[int, float]]]:
    """The first loss of each phase, as (step, value) in the order of the files."""
    multiplexer = EventMultiplexer().AddRunsFromDirectory(folder)
    multiplexer.Reload()
    found = {}
    for run, tags in sorted(multiplexer.Runs().items()):
        tag = next(tag for tag in sorted(tags["scalars"]) if TAG in tag)
        found[run] = [(event.step, event.value) for event in multiplexer.Scalars(run, tag)]
    return found


def difference(phase: str, evicted: list[tuple[int, float]], calm: list[tuple[int, float]]) -> str | None:
    """What is wrong with a curve, None where nothing is."""
    steps = [step for step, _ in evicted]
    if steps != list(range(1, len(steps) + 1)):
        return f"{phase}: its {len(steps)} points are not the steps from 1 on, each once and in order"
    if evicted != calm:
        return f"{phase}: it differs from the run that lost no node"
    return None


def draw(points: list[tuple[int, float]], title: str, file: str) -> None:
    """One line from the first step to the last."""
    low, high = min(value for _, value in points), max(value for _, value in points)
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    canvas = ImageDraw.Draw(image)
    x_of = lambda step: MARGIN + (WIDTH - 2 * MARGIN) * step / points[-1][0]  # noqa: E731
    y_of = lambda value: HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / max(high - low, 1e-9)  # noqa: E731
    canvas.rectangle((MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN), outline="#bbbbbb")
    canvas.line([(x_of(step), y_of(value)) for step, value in points], fill="#0b62a4", width=1)
    canvas.text((MARGIN, 12), title, fill="black")
    canvas.text((MARGIN, HEIGHT - 28), f"step 1 to {points[-1][0]}, loss {low:.2f} to {high:.2f}", fill="black")
    image.save(file)


def main(evicted: str, calm: str, file: str) -> None:
    """Prints what is wrong, or that it is one line."""
    ours, theirs = curve(evicted), curve(calm)
    wrong = [difference(phase, ours[phase], theirs.get(phase, [])) for phase in ours]
    first = next(iter(ours))
    draw(ours[first], f"masked-word loss of phase {first}, nodes taken every 45 s on average", file)
    print("; ".join(filter(None, wrong)) or f"{sum(map(len, ours.values()))} points of {len(ours)} phases: one line")


if __name__ == "__main__":
    main(*sys.argv[1:])
