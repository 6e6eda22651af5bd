"""Small road graphs, written as OSMnx writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

NODE_KEYS = {"y": "d0", "x": "d1"}
EDGE_KEYS = {"length": "d2", "travel_time": "d3", "speed_kph": "d4", "maxspeed": "d5", "highway": "d6", "km": "d7"}


def graphml(
    nodes: dict[str, tuple[Any, Any]], edges: list[tuple[str, str, dict[str, Any]]], *, directed: bool = True, head: str = ""
) -> str:
    """The text of a file. Nodes as (latitude, longitude); edges with their values by name."""
    keys = [f'<key id="{key}" for="node" attr.name="{name}" attr.type="double"/>' for name, key in NODE_KEYS.items()]
    keys += [f'<key id="{key}" for="edge" attr.name="{name}" attr.type="string"/>' for name, key in EDGE_KEYS.items()]
    keys.append('<key id="d9" for="edge" attr.name="geometry" attr.type="string"/>')
    drawn = [
        f'<node id="{name}"><data key="d0">{place[0]}</data><data key="d1">{place[1]}</data></node>'
        for name, place in nodes.items()
    ]
    for source, target, values in edges:
        told = "".join(f'<data key="{EDGE_KEYS[name]}">{value}</data>' for name, value in values.items())
        drawn.append(f'<edge source="{source}" target="{target}" id="0">{told}<data key="d9">LINESTRING (0 0)</data></edge>')
    kind = "directed" if directed else "undirected"
    return (
        f"<?xml version='1.0' encoding='utf-8'?>\n{head}<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
        + "\n".join([*keys, f'<graph edgedefault="{kind}">', *drawn, "</graph></graphml>\n"])
    )


def written(folder: Path, text: str) -> Path:
    path = folder / "roads.graphml"
    path.write_text(text, encoding="utf-8")
    return path
