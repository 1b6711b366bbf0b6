"""The commands: each reads its arguments, asks the core one question, and prints the answer.

Every command's module has ``run(argv)``, which may return an exit status. What a user can cause is raised as a user
error; ``__main__`` prints it. PyTorch is loaded by ``cli.erf``, ``cli.train``, ``cli.coverage``
and ``cli.models`` only.
"""
