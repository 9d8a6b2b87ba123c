"""What the command says: every sentence of an error can be translated."""

import ast
import builtins

from tests.architecture.project import modules


def raised_sentences() -> dict[str, list[str]]:
    """Return, by place, what errors are raised with as a plain text that no catalogue can know."""
    found: dict[str, list[str]] = {}
    for path, file in modules("foyer", "kiosk", "plumbing", "sync"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func)
                plain = any(isinstance(argument, ast.JoinedStr | ast.Constant) for argument in node.exc.args)
                if plain and name.endswith("Error") and name not in BUILT_IN and path not in ENGLISH_ONLY:
                    found.setdefault(path, []).append(ast.unparse(node.exc))
    return found


BUILT_IN = {name for name in dir(builtins) if name.endswith("Error")} | {"WrongValueError"}
"""Faults of ours, which end in a traceback; a `WrongValueError` names a field first."""

ENGLISH_ONLY = {
    "foyer/bench.py": "for whoever measures",
    "foyer/benchhouse.py": "for whoever measures",
    "foyer/benchingest.py": "for whoever measures",
    "foyer/benchlive.py": "for whoever measures",
    "foyer/benchreader.py": "for whoever measures",
    "foyer/benchscreen.py": "for whoever measures",
    "foyer/benchterminal.py": "for whoever measures",
    "foyer/nfcpychild.py": "for whoever measures",
    "sync/store/cards.py": "a host never meets these: the pages offer only what is there",
    "sync/store/directory.py": "a host never meets these two: the pages offer only what is there",
}


def test_whoever_raises_an_error_for_a_reader_says_it_in_a_sentence_that_can_be_translated():
    assert raised_sentences() == {}


def test_every_exception_to_that_is_for_a_module_that_exists():
    assert set(ENGLISH_ONLY) <= {path for path, _ in modules("foyer", "sync")}
