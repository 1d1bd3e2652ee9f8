"""Expressions and queries as trees of text: what a failing case is minimised on."""


class Node:
    """Text parts around children: parts[0] child[0] parts[1] ... `type` names what an expression gives; None: it is no expression.
    With `optional` it may be left out; with `choices` it may be replaced by another text."""
    __slots__ = ("parts", "children", "type", "optional", "name", "choices")

    def __init__(self, parts, children=(), type=None, optional=False, name="", choices=()):
        self.parts, self.children, self.type, self.optional = list(parts), list(children), type, optional
        self.name, self.choices = name, list(choices)

    def __str__(self):
        text = [self.parts[0]]
        for part, child in zip(self.parts[1:], self.children):
            text.append(str(child))
            text.append(part)
        return "".join(text)


def leaf(text, type=None, name=""):
    return Node([text], (), type, name=name)


def comma(nodes, separator=", ", type=None, name=""):
    return Node([""] + [separator] * (len(nodes) - 1) + [""] if nodes else [""], nodes, type, name=name)


def walk(node, depth=0):
    """Every node, the deepest first."""
    for child in node.children:
        yield from walk(child, depth + 1)
    yield node


def size(node):
    return 1 + sum(size(child) for child in node.children)


def replaced(node, old, new):
    """The tree with one node exchanged."""
    if node is old:
        return new
    for at, child in enumerate(node.children):
        changed = replaced(child, old, new)
        if changed is not child:
            return Node(node.parts, node.children[:at] + [changed] + node.children[at + 1:], node.type, node.optional, node.name,
                        node.choices)
    return node
