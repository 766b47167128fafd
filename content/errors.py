"""The root of all errors that this product raises. Each other class stands where it is raised.

    TutorError
    +- ContentError             every fault in the lesson files
    +- SettingsError            a setting that stops the start
    +- UnreadableError          a stored document that can't be read
    |  +- NewerFormError        written by a newer version of the tutor, which alone can read it
    +- ProgressError            a learner's stored progress
    |  +- StaleProgressError    saved by two turns at once: the gate failed, our fault
    +- ComputationError         a recipe that can't be computed, or a result that can't be read
    |  +- UnknownSimulationError   nothing is built of what the lesson names
    |  +- UnknownComputationError   of a kind that this version doesn't know
    |  +- MissingResultError    it rests on a result that isn't there
    +- AmbiguousActionError     a kind's own button is named like something else: it stops the start
    +- UnknownKindError         a kind of step that no module teaches: it stops the start
    +- RequestError             a request that isn't served: the answer says why
    |  +- MalformedError        no activity of a channel
    |  +- RefusedError          who asks isn't allowed to
    |  +- SignedOutError       their session was revoked, or its learner deleted
    |  +- HastyError            who asks does so too often
    |  +- BusyError             too much waits for the store
    +- NoTokenError             our own token for replies can't be had just now
    +- ExchangeError            Azure's Direct Line gives no token just now
    +- SimulationError          the simulated crowd can't reach the tutor

A learner's bad input is none of these: it is judged, or it is unclear.
"""


class TutorError(Exception):
    """The root: its text is ours, quotes no learner, and may be logged."""
