"""The small faults that are put into a file: each changes one expression or statement."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
# mypy knows these better than a test: what they say never happens at run time.
TYPES_ALONE = {"assert_never", "cast", "isinstance"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutant:
    """One fault: `before` becomes `after` between two bytes of a file."""

    file: str
    function: str  # the outermost one that it stands in, as Python names it, or ""
    first_line: int  # of that function, its decorators included
    lines: tuple[int, int]
    span: tuple[int, int]
    before: str
    after: str
    number: int = 1  # among the same changes in the function

    @property
    def name(self) -> str:
        """What stays the same when lines move; `docs/testing.md` names mutants by it."""
        again = f" ({self.number})" if self.number > 1 else ""
        where = self.function or "module"
        return f"{self.file} {where}: {one_line(self.before)} → {one_line(self.after)}{again}"

    def applied(self, source: bytes) -> bytes:
        """The file with the fault in it."""
        start, end = self.span
        return source[:start] + self.after.encode() + source[end:]


def one_line(code: str) -> str:
    """Code without its line breaks."""
    return " ".join(code.split())


def mutants(root: Path, file: str) -> list[Mutant]:
    """All faults that can be put into a file."""
    source = (root / file).read_bytes()
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for mutant in _Reader(file, source).read():
        key = (mutant.function, one_line(mutant.before), one_line(mutant.after))
        seen[key] += 1
        found.append(replace(mutant, number=seen[key]))
    return found


class _Reader:
    """Walks through a file, and knows in which function it is."""

    def __init__(self, file: str, source: bytes) -> None:
        self.file, self.source = file, source
        lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line))

    def read(self) -> Iterator[Mutant]:
        yield from self._body(ast.parse(self.source).body, (), None)

    def _body(
        self, body: list[ast.stmt], classes: tuple[str, ...], function: Function | None
    ) -> Iterator[Mutant]:
        for statement in body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue  # a docstring, or the dots of what is only declared
            yield from self._node(statement, classes, function)

    def _node(
        self, node: ast.AST, classes: tuple[str, ...], function: Function | None
    ) -> Iterator[Mutant]:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.JoinedStr():
                return  # the parts of a formatted text have no place of their own
            case ast.ClassDef():
                if not any(ast.unparse(base).startswith("Protocol") for base in node.bases):
                    yield from self._body(node.body, (*classes, node.name), function)
                return
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                    yield from self._node(default, classes, function)
                yield from self._body(node.body, classes, function or node)
                return
            case ast.AnnAssign():
                if node.value:
                    yield from self._node(node.value, classes, function)
                return
            case ast.Call(func=ast.Name(id=name)) if name in TYPES_ALONE:
                return
            case ast.keyword(arg="strict"):
                return  # of `zip`: it raises where the code is wrong already
        for target, after in changes(node):
            yield self._mutant(target, after, classes, function)
        for child in ast.iter_child_nodes(node):
            yield from self._node(child, classes, function)

    def _mutant(
        self,
        node: ast.expr | ast.stmt,
        after: str,
        classes: tuple[str, ...],
        function: Function | None,
    ) -> Mutant:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self.starts[node.lineno - 1] + node.col_offset
        end = self.starts[node.end_lineno - 1] + node.end_col_offset
        first = function and min([function.lineno, *(d.lineno for d in function.decorator_list)])
        return Mutant(
            file=self.file,
            function=".".join((*classes, function.name)) if function else "",
            first_line=first or 0,
            lines=(node.lineno, node.end_lineno),
            span=(start, end),
            before=self.source[start:end].decode(),
            after=after,
        )


def changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """The faults in one node: which part is replaced, and by what."""
    match node:
        case ast.Compare():
            for place, comparison in enumerate(node.ops):
                made = copy.deepcopy(node)
                made.ops[place] = COMPARISONS[type(comparison)]()
                yield node, expression(made)
        case ast.BoolOp():
            other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            yield node, expression(ast.BoolOp(other, node.values))
        case ast.UnaryOp(op=ast.Not()):
            yield node, expression(node.operand)
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _is_text(node):
            yield node, expression(ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right))
        case ast.AugAssign() if type(node.op) in ARITHMETIC:
            made_one = ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
            yield node, ast.unparse(made_one)
        case ast.Constant():
            yield from _of_constant(node)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield node, "return None"
        case ast.Expr(value=ast.Call(func=called)) if ast.unparse(called) not in TYPES_ALONE:
            yield node, "pass"
        case ast.Raise():
            yield node, "pass"
        case ast.Continue():
            yield node, "break"
        case ast.Break():
            yield node, "continue"
        case ast.Call():
            yield from _of_call(node)
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield from _negated(test)
        case ast.match_case(guard=ast.expr() as guard):
            yield from _negated(guard)
        case ast.comprehension(ifs=conditions):
            for condition in conditions:
                yield from _negated(condition)


def expression(node: ast.expr) -> str:
    """The code of an expression, which may stand anywhere in another one."""
    return f"({ast.unparse(node)})"


def _of_constant(node: ast.Constant) -> Iterator[tuple[ast.expr, str]]:
    match node.value:
        case bool(value):
            yield node, str(not value)
        case int(number) | float(number):
            yield node, f"({number + 1!r})"
        case str(text):
            yield node, repr(f"XX{text}")


def _of_call(node: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        yield node.func, FUNCTIONS[node.func.id]
    for place in range(len(node.args) - 1):
        pair = node.args[place : place + 2]
        alike = ast.dump(pair[0]) == ast.dump(pair[1])
        if not alike and not any(isinstance(part, ast.Starred) for part in pair):
            arguments = [*node.args[:place], *reversed(pair), *node.args[place + 2 :]]
            yield node, expression(ast.Call(node.func, arguments, node.keywords))
    for keyword in node.keywords:
        if keyword.arg and keyword.arg != "strict":
            rest = [k for k in node.keywords if k is not keyword]
            yield node, expression(ast.Call(node.func, node.args, rest))


def _negated(test: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    # What has an operator of its own is negated, or nearly so, by the change of that one.
    simple = isinstance(test, ast.Compare) and len(test.ops) == 1
    if not simple and not isinstance(test, ast.BoolOp | ast.UnaryOp):
        yield test, expression(ast.UnaryOp(ast.Not(), test))


def _is_text(node: ast.BinOp) -> bool:
    """Whether texts are joined, or types: neither can be calculated with."""
    parts = (node.left, node.right)
    texts = any(
        isinstance(p, ast.JoinedStr) or (isinstance(p, ast.Constant) and isinstance(p.value, str))
        for p in parts
    )
    return texts or all(isinstance(p, ast.Name) and p.id[0].isupper() for p in parts)


def enclosing(source: bytes, line: int) -> Function | None:
    """The module's function in which a line stands."""
    functions = (node for node in ast.parse(source).body if isinstance(node, Function))
    return next((f for f in functions if f.lineno <= line <= (f.end_lineno or 0)), None)
