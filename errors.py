"""What can go wrong, in words for a person: what happened, where, and what to do."""

_PROBLEMS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "应是字符串",
    "string_too_long": "太长",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "list_type": "应是列表",
    "model_attributes_type": "应是 JSON 对象，请求头应写 Content-Type: application/json",
    "dict_type": "应是 JSON 对象",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "greater_than": "太小",
    "float_parsing": "应是数字",
    "enum": "不在可选值之内",
    "json_invalid": "不是合法的 JSON",
    "value_error": "值不合要求",
}


def explain(kind: str, otherwise: str) -> str:
    """A validation problem in Chinese, by its kind (https://docs.pydantic.dev/latest/errors)."""
    return _PROBLEMS.get(kind, otherwise)


class WenceError(Exception):
    """The base of every error that Wence raises on purpose. Its text is one sentence for people."""


class UserError(WenceError):
    """The caller's mistake, which the caller can mend: exit status 2, HTTP 4xx."""


class BadQuestion(UserError):
    """A question that cannot be taken: empty, or too long."""


class UnknownPolicy(UserError):
    """A policy id that the catalog does not hold."""


class UnknownConversation(UserError):
    """A conversation of which nothing is remembered: never begun, expired, or deleted."""


class UnreadableFile(UserError):
    """A file that cannot be read as a document. Others of the same run go on."""


class BadSettings(UserError):
    """A setting with a value that cannot be used; the message names its key."""


class EncoderUnavailable(UserError):
    """A sentence model that cannot be loaded; the message says what to set instead."""


class RerankerUnavailable(UserError):
    """A cross-encoder that cannot be loaded; the message says what to set instead."""


class ChatModelUnavailable(UserError):
    """A chat model that cannot be opened; the message names the setting and what to install."""


class ChatModelFailed(WenceError):
    """A chat model that gave no whole answer. Its text is a reason of a few words."""


class StoreError(WenceError):
    """The catalog or the index cannot be read or written where it lies."""


class DamagedIndex(StoreError):
    """An index file that is missing, foreign or changed; the catalog can make it anew."""
