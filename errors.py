"""What can go wrong, in words for a person: what happened, where, and what to do."""


class WenceError(Exception):
    """The base of every error that Wence raises on purpose. Its text is one sentence for people."""


class UserError(WenceError):
    """The caller's mistake, which the caller can mend: exit status 2, HTTP 4xx."""


class BadQuestion(UserError):
    """A question that cannot be taken: empty, or too long."""


class UnknownPolicy(UserError):
    """A policy id that the catalog does not hold."""


class UnreadableFile(UserError):
    """A file that cannot be read as a document. Others of the same run go on."""


class BadSettings(UserError):
    """A setting with a value that cannot be used; the message names its key."""


class EncoderUnavailable(UserError):
    """A sentence model that cannot be loaded; the message says what to set instead."""


class StoreError(WenceError):
    """The catalog or the index cannot be read or written where it lies."""


class DamagedIndex(StoreError):
    """An index file that is missing, foreign or changed; the catalog can make it anew."""
