"""
YAML that people edit, read strictly: every plain scalar is text, no key twice, unknown keys refused.

Plain YAML would read the company number `00445670` as octal, `NO` as false and `2024-05-01` as a date, and would keep
the last of two equal keys in silence.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from dagster_project.declare.errors import DeclarationError


class Declared(BaseModel):
    """A frozen declaration that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Kind = TypeVar("Kind", bound=Declared)


class StrictLoader(yaml.SafeLoader):
    """YAML in which every plain scalar is text and no key may be given twice."""


def _build_map(loader: StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    first_line: dict[Any, int] = {}
    for key_node, _ in node.value:
        key, line = loader.construct_object(key_node), key_node.start_mark.line + 1
        if key in first_line:
            advice = f"'{key}' is given twice, first on line {first_line[key]}; keep one"
            raise yaml.constructor.ConstructorError(None, None, advice, key_node.start_mark)
        first_line[key] = line
    return loader.construct_mapping(node, deep=True)


StrictLoader.yaml_implicit_resolvers = {}
StrictLoader.add_constructor("tag:yaml.org,2002:map", _build_map)


def read_yaml(path: Path) -> dict[str, Any]:
    """
    The mapping that a YAML file holds, every scalar as text.

    Raises:
        DeclarationError: not YAML, not a mapping, or a key given twice.
    """
    text = path.read_text(encoding="utf-8")
    try:
        found = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a SafeLoader with fewer resolvers
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeclarationError(path, line, f"{error.problem}") from error
    if not isinstance(found, dict):
        raise DeclarationError(path, 1, "holds no mapping; expected lines of the form `key: value`")
    return found


def _line_of(path: Path, loc: tuple[int | str, ...]) -> int:
    """The line on which the key at a place of the document stands; the nearest outer one where it is missing."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=StrictLoader)
    line = 1
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if step not in pairs:
                break
            key, node = pairs[step]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _known_keys(kind: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Keys that the class at a place of the document knows, by their names in the file."""
    for step in loc:
        field = kind.model_fields.get(str(step))
        inner = [a for a in getattr(field.annotation, "__args__", ()) if isinstance(a, type)] if field else []
        models = [a for a in inner if issubclass(a, BaseModel)]
        if models:
            kind = models[0]
    return [field.alias or name for name, field in kind.model_fields.items()]


def load_declaration(kind: type[Kind], path: Path) -> Kind:
    """
    Read one declaration file into its frozen class.

    Raises:
        DeclarationError: with file, line, what was found, the nearest right word, and what to do.
    """
    document = read_yaml(path)
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        found = error.errors()
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        loc = tuple(first["loc"])
        line = _line_of(path, loc)
        if first["type"] == "extra_forbidden":
            known = _known_keys(kind, loc[:-1])
            near = difflib.get_close_matches(str(loc[-1]), known, n=1)
            meant = f" Did you mean `{near[0]}`?" if near else ""
            raise DeclarationError(
                path, line, f"`{loc[-1]}` is not a key here.{meant} Known keys: {', '.join(known)}"
            ) from error
        place = ".".join(str(step) for step in loc) or "the file"
        raise DeclarationError(path, line, f"`{place}`: {first['msg'].removeprefix('Value error, ')}") from error


def load_folder(kind: type[Kind], folder: Path, key: str) -> tuple[Kind, ...]:
    """
    Every `*.yaml` of a folder, by name; the file name is the id.

    Args:
        key: The field that must equal the file's name without its ending.

    Raises:
        DeclarationError: a file is wrong, or is not named after its id.
    """
    found = []
    for path in sorted(folder.glob("*.yaml")):
        declared = load_declaration(kind, path)
        if getattr(declared, key) != path.stem:
            raise DeclarationError(
                path,
                _line_of(path, (key,)),
                f"`{key}` is '{getattr(declared, key)}' but the file is named "
                f"'{path.stem}'; one thing, one file, and the file name is its id",
            )
        found.append(declared)
    return tuple(found)
