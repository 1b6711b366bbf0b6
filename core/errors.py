"""What a user can cause: one family of errors, worded as what fails, the values, what to change.

Pages and the command line catch :class:`UserError` only and show its text unchanged.
"""


class UserError(ValueError):
    """A request that cannot be carried out as asked; the message says what to change."""


class TextError(UserError):
    """A network's text that cannot be read."""


class NetworkError(UserError):
    """A network whose layers do not fit each other or their input."""


class LimitError(UserError):
    """A request beyond a limit that keeps the answer quick; the message tells the limit."""


class BusyError(UserError):
    """A request for which there is no room just now; the same one may be carried out later."""


class ExpressionError(UserError):
    """An expression that cannot be read, or that has no value."""
