"""Code is compared by what it does."""

from dropoutlab.experiments.bytecode import global_names, imports, instructions, signature


def compiled(source, file="a.py"):
    names = {}
    exec(compile(source, file, "exec"), names)
    return names["f"].__code__


def test_place_comments_and_docstring_are_not_part_of_the_instructions():
    plain = compiled("def f(x):\n  return x + 1000")
    other = compiled("\n\ndef f(x):\n  'Says so.'\n  # why\n\n  return x + 1000", file="b.py")
    assert list(instructions(plain)) == list(instructions(other))
    assert signature(plain) == signature(other)


def test_constants_names_and_attributes_are():
    sources = ["x + 1000", "x + 1001", "x - 1000", "y + 1000", "x.a", "x.b", "x(1)", "x(1, 2)"]
    codes = [compiled(f"def f(x):\n  return {source}") for source in sources]
    assert len({repr(list(instructions(code))) for code in codes}) == len(sources)


def test_arguments_and_handled_exceptions_are_part_of_the_signature():
    sources = [
        "def f(a, b): pass",
        "def f(a, c): pass",
        "def f(a, *, b): pass",
        "def f(a, /, b): pass",
        "def f(a, *b): pass",
        "def f(a, b): yield",
        "def f(a, b):\n  try: pass\n  except: pass\n  raise",
        "def f(a, b):\n  try: raise\n  except: pass",
    ]
    assert len({signature(compiled(source)) for source in sources}) == len(sources)


def test_names_are_found_in_functions_classes_and_comprehensions_within():
    code = compiled(
        "def f(x):\n"
        "  class A(Base):\n"
        "    width = WIDTH\n"
        "    def g(self): return deep\n"
        "  return [each + offset for each in x if (lambda y: limit)(each)]"
    )
    # A name that a class body assigns itself may be looked up globally first: harmless.
    assert {"Base", "WIDTH", "deep", "offset", "limit"} <= global_names(code)
    assert not {"x", "self", "each", "y", "__name__", "A"} & global_names(code)


def test_imports_within_are_found():
    code = compiled("def f():\n  import a.b\n  def g():\n    from c import d")
    assert imports(code) == {"a.b", "c"}
