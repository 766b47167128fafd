"""What an operator must mend, and what can't be done just now."""


class TutorError(Exception):
    """The root of the shell's own errors."""


class SettingsError(TutorError):
    """A setting that stops the start; its text is one sentence that says what to change."""


class BusyError(TutorError):
    """The store's queue is full: the caller may come back a little later."""
