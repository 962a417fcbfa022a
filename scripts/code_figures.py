"""Prints figures of this program's code: how large its parts are, and how much of it is wiring.

    python scripts/code_figures.py [ROOT] [--json] [--against OTHER_ROOT]

ROOT is a checkout (this one by default): modules are counted in its `kiosk/`, test functions in its `tests/`. With
`--against` a second checkout's figures stand beside them. How each figure is counted:

- Lines are all lines of a `.py` file, blank ones, comments and migrations included.
- A function or class is as long as from its first line, decorators included, to its last. Methods and functions inside
  functions are functions, too, and count in what surrounds them. A lambda is none. Lengths leave out the functions of
  schema versions.
- Parameters are all but the first of a method that is not static, `*args` and `**kwargs` included. A dataclass's fields
  are not parameters.
- A callable is a parameter or a field of a class whose annotation writes `Callable` out, optional or inside another
  type or not. One that gives it by another name of the program (`OnEvent = Callable[…]`) counts apart, because a name for
  a callable is easy to come by and changes nothing: the sum of both is given as well.
- A Protocol is a class with `Protocol` among its bases.
- A folder's files are all that lie directly in it, templates and pictures as well; its modules are its `.py` files.
- A test function is one whose name begins with `test_`; its parameter sets do not count.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FEW_FILES: Final = 20
"""A folder with more files than this is named."""

MAY_BE_LONG: Final = "storage/migrations/versions/"
"""Where functions may be long: a schema's steps are written once and never read for their logic."""

Figures = dict[str, dict[str, int | float | str]]
"""Sections by title, each with its figures by label."""

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Part:
    """A function or a class where it stands: its name after its module's path, its lines and its parameters."""

    name: str
    lines: int
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class Module:
    """What one file holds; `path` is relative to the program's folder."""

    path: Path
    lines: int
    functions: tuple[Part, ...]
    classes: tuple[Part, ...]
    protocols: tuple[Part, ...]
    annotations: tuple[str, ...]
    lambdas: int
    callable_names: frozenset[str]


def read_module(path: Path, folder: Path) -> Module:
    """Count what stands in one file."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(path))
    relative = path.relative_to(folder)
    functions: list[Part] = []
    classes: list[Part] = []
    protocols: list[Part] = []
    annotations: list[str] = []
    for node, owners in nodes_with_owners(tree):
        if isinstance(node, ast.ClassDef):
            part = Part(part_name(relative, node, owners), length(node))
            classes.append(part)
            if any("Protocol" in name_of(base) for base in node.bases):
                protocols.append(part)
            annotations += [
                ast.unparse(field.annotation) for field in node.body if isinstance(field, ast.AnnAssign)
            ]
        elif isinstance(node, AnyFunction):
            parameters = parameters_of(node, in_class=bool(owners) and isinstance(owners[-1], ast.ClassDef))
            functions.append(Part(part_name(relative, node, owners), length(node), len(parameters)))
            annotations += [ast.unparse(each.annotation) for each in parameters if each.annotation]
    return Module(
        path=relative,
        lines=len(text.splitlines()),
        functions=tuple(functions),
        classes=tuple(classes),
        protocols=tuple(protocols),
        annotations=tuple(annotations),
        lambdas=sum(isinstance(node, ast.Lambda) for node in ast.walk(tree)),
        callable_names=frozenset(callable_names(tree)),
    )


def nodes_with_owners(
    node: ast.AST, owners: tuple[ast.ClassDef | AnyFunction, ...] = ()
) -> Iterator[tuple[ast.AST, tuple[ast.ClassDef | AnyFunction, ...]]]:
    """Give each node below one, with the classes and functions it stands in, outermost first."""
    for child in ast.iter_child_nodes(node):
        yield child, owners
        inside = (*owners, child) if isinstance(child, ast.ClassDef | AnyFunction) else owners
        yield from nodes_with_owners(child, inside)


def part_name(
    module: Path, node: ast.ClassDef | AnyFunction, owners: Iterable[ast.ClassDef | AnyFunction]
) -> str:
    """Name a function or class as `folder/module.py:Class.method`."""
    return f"{module.as_posix()}:{'.'.join(each.name for each in (*owners, node))}"


def name_of(base: ast.expr) -> str:
    """Give a base class's last name: `Protocol` for `typing.Protocol[T]`."""
    while isinstance(base, ast.Subscript):
        base = base.value
    return base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""


def length(node: ast.ClassDef | AnyFunction) -> int:
    """Count the lines of a function or a class, with its decorators."""
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return (node.end_lineno or node.lineno) - first + 1


def parameters_of(function: AnyFunction, *, in_class: bool) -> list[ast.arg]:
    """Give a function's parameters without `self` or `cls`."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if in_class and not any(name_of(each) == "staticmethod" for each in function.decorator_list):
        positional = positional[1:]
    gathered = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [*positional, *arguments.kwonlyargs, *gathered]


def callable_names(tree: ast.Module) -> Iterator[str]:
    """Give the names that a module gives to callables, as in `OnEvent = Callable[[Event], None]`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and writes_callable(ast.unparse(node.value)):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def writes_callable(annotation: str) -> bool:
    """Whether a type writes `Callable` out."""
    return re.search(r"\bCallable\b", annotation) is not None


def names_callable(annotation: str, names: frozenset[str]) -> bool:
    """Whether a type gives a callable by one of these names of the program, and does not write it out."""
    return not writes_callable(annotation) and not names.isdisjoint(re.findall(r"\w+", annotation))


def measure(root: Path) -> Figures:
    """Count a checkout's figures.

    Raises:
        FileNotFoundError: it holds no `kiosk/` with modules.
    """
    folder = root / "kiosk"
    modules = [read_module(path, folder) for path in sorted(folder.rglob("*.py"))]
    if not modules:
        raise FileNotFoundError(f"No modules in {folder}")
    return {
        "Whole": whole(modules) | {"test functions": count_tests(root / "tests")},
        "Lengths": lengths(modules),
        "Wiring": wiring(modules),
        "Files by folder": files_by_folder(folder),
        **by_place("floor", [(floor(each.path), each.lines) for each in modules]),
        **by_place("folder", [(each.path.parent.as_posix(), each.lines) for each in modules]),
    }


def whole(modules: Sequence[Module]) -> dict[str, int | float | str]:
    """Count what the program holds in all."""
    return {
        "modules": len(modules),
        "lines": sum(each.lines for each in modules),
        "functions": sum(len(each.functions) for each in modules),
        "classes": sum(len(each.classes) for each in modules),
    }


def lengths(modules: Sequence[Module]) -> dict[str, int | float | str]:
    """Give how long modules and functions are, and name the largest parts."""
    functions = [part for each in modules for part in each.functions]
    judged = [part for part in functions if not part.name.startswith(MAY_BE_LONG)]
    classes = [part for each in modules for part in each.classes]
    module_parts = [Part(each.path.as_posix(), each.lines) for each in modules]
    largest = {
        "longest module": max(module_parts, key=lambda part: part.lines),
        "longest function": max(judged, key=lambda part: part.lines),
        "largest class": max(classes, key=lambda part: part.lines),
    }
    most = max(functions, key=lambda part: part.parameters)
    return {
        **spread("module lines", [part.lines for part in module_parts]),
        **spread("function lines", [part.lines for part in judged]),
        **{label: f"{part.lines} {part.name}" for label, part in largest.items()},
        "most parameters": f"{most.parameters} {most.name}",
        "modules over 600 lines": sum(part.lines > 600 for part in module_parts),
        "functions over 60 lines": sum(part.lines > 60 for part in judged),
        "classes over 250 lines": sum(part.lines > 250 for part in classes),
        "functions over 8 parameters": sum(part.parameters > 8 for part in functions),
    }


def spread(label: str, values: list[int]) -> dict[str, int | float | str]:
    """Give the median, the 90th percentile and the largest of some lengths."""
    ordered = sorted(values)
    return {
        f"{label}, median": statistics.median_high(ordered),
        f"{label}, p90": ordered[min(len(ordered) - 1, len(ordered) * 9 // 10)],
        f"{label}, max": ordered[-1],
    }


def wiring(modules: Sequence[Module]) -> dict[str, int | float | str]:
    """Count Protocols, callables handed over, and lambdas."""
    lines = sum(each.lines for each in modules)
    protocols = [part for each in modules for part in each.protocols]
    names = frozenset[str]().union(*(each.callable_names for each in modules))
    annotations = [annotation for each in modules for annotation in each.annotations]
    written = sum(writes_callable(each) for each in annotations)
    named = sum(names_callable(each, names) for each in annotations)
    lambdas = sum(each.lambdas for each in modules)
    return {
        "Protocols": len(protocols),
        "lines of Protocols": sum(part.lines for part in protocols),
        "callables": written,
        "callables per 1,000 lines": per_thousand(written, lines),
        "callables, named ones too": written + named,
        "callables, named ones too, per 1,000 lines": per_thousand(written + named, lines),
        "lambdas": lambdas,
        "lambdas per 1,000 lines": per_thousand(lambdas, lines),
    }


def per_thousand(count: int, lines: int) -> float:
    """Give a count per 1,000 lines, to a tenth."""
    return round(1000 * count / lines, 1)


def files_by_folder(folder: Path) -> dict[str, int | float | str]:
    """Give the largest number of files in a folder, and each folder above the limit."""
    counts = Counter(
        path.parent.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    )
    return {
        "max": max(counts.values()),
        f"folders over {FEW_FILES}": sum(count > FEW_FILES for count in counts.values()),
        **{name: count for name, count in counts.most_common() if count > FEW_FILES},
    }


def floor(path: Path) -> str:
    """Name the floor that a module belongs to: the top folder, or the module that is a floor of its own."""
    return path.parts[0].removesuffix(".py")


def by_place(kind: str, places: Iterable[tuple[str, int]]) -> Figures:
    """Add modules and lines up by where they stand."""
    modules: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for place, count in places:
        modules[place] += 1
        lines[place] += count
    return {
        f"Modules by {kind}": {place: modules[place] for place in sorted(modules)},
        f"Lines by {kind}": {place: lines[place] for place in sorted(lines)},
    }


def count_tests(folder: Path) -> int:
    """Count the test functions below a folder."""
    return sum(
        isinstance(node, AnyFunction) and node.name.startswith("test_")
        for path in folder.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    )


def render(columns: Sequence[Figures]) -> str:
    """Lay figures out as text, one column for each checkout; a figure that a checkout lacks is a dash."""
    blocks: list[str] = []
    for section in dict.fromkeys(title for figures in columns for title in figures):
        parts = [figures.get(section, {}) for figures in columns]
        labels = list(dict.fromkeys(label for part in parts for label in part))
        rows = [[label, *(cell(part.get(label, "–")) for part in parts)] for label in labels]
        widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
        lines = [
            "  ".join([*(text.ljust(width) for text, width in zip(row[:-1], widths, strict=True)), row[-1]])
            for row in rows
        ]
        blocks.append("\n".join([section, *(f"  {line}" for line in lines)]))
    return "\n\n".join(blocks)


def cell(value: float | str) -> str:
    """Write one figure: thousands apart."""
    return value if isinstance(value, str) else f"{value:,}"


def main(arguments: Sequence[str]) -> int:
    """Print the figures; gives the exit code."""
    parser = argparse.ArgumentParser(description="Prints figures of this program's code.")
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--against", type=Path, metavar="OTHER_ROOT", help="put another checkout's figures beside them"
    )
    chosen = parser.parse_args(arguments)
    try:
        figures = measure(chosen.root)
        other = measure(chosen.against) if chosen.against else None
    except (FileNotFoundError, SyntaxError) as failure:
        print(failure, file=sys.stderr)
        return 1
    if chosen.json:
        result = {"this": figures, "against": other} if other else figures
        print(json.dumps(result, indent=2, ensure_ascii=False))
    elif other:
        print(f"Left: {chosen.root}, right: {chosen.against}\n\n{render([figures, other])}")
    else:
        print(render([figures]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
