"""Launch and source links point at the repository that a book is built from."""


from conftest_import import load

repository = load("repository")
