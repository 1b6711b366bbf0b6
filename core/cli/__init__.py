"""The commands of ``python -m core``: each reads its arguments, asks the core one question, and prints the answer.

Every command's module has ``run(argv)``. What a user can cause is raised as a user error; ``core.__main__`` prints it.
Only ``core.cli.erf`` loads PyTorch.
"""
