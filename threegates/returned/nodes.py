"""The nodes of a YAML file, with the places in its text at which they begin and end."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode


@lru_cache(maxsize=8)
def composed(text: str) -> Node:
    """The nodes of a text with their marks; they are only read. An empty value stands right behind its colon."""
    root: Node = YAML(typ="safe", pure=True).compose(text)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            for key, inner in node.value:
                if is_empty(inner) and not inner.value:  # its own marks stand at what follows
                    inner.start_mark = inner.end_mark = _behind(text, key)
            waiting += [inner for _, inner in node.value]
    return root


def _behind(text: str, key: Node) -> Any:
    """The place behind the colon of a key, or behind a key without one."""
    mark = copy.copy(key.end_mark)
    rest = text[mark.index :]
    blanks = len(rest) - len(rest.lstrip(" "))
    mark.index += blanks + 1 if rest[blanks : blanks + 1] == ":" else 0
    return mark


def value(node: Node | None, key: str) -> Node | None:
    """The value under a key of a mapping."""
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def is_empty(node: Node | None) -> bool:
    """Whether a key has no value, or one that says that there is none."""
    return node is None or (isinstance(node, ScalarNode) and str(node.tag).endswith(":null"))


def end(text: str, node: Node) -> int:
    """Where a value ends: a block mapping's own mark stands at what follows it."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return end(text, node.value[-1][1])
    return len(text[: node.end_mark.index].rstrip())
