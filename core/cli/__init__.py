"""The commands: each reads its arguments, asks the core one question, and prints the answer.

Every command's module has ``run(argv)``, which may return an exit status. What a user can cause is raised as a user
error; ``core.__main__`` prints it. PyTorch is loaded by ``core.cli.erf``, ``core.cli.train``, ``core.cli.coverage``
and ``core.cli.models`` only.
"""
