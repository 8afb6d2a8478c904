"""Talk around a question that says nothing of it: greetings, thanks, haste, emoji, rows of marks. Pure."""

from __future__ import annotations

import re
import unicodedata

from qa.patterns import cue, one_of

_MARKS = "[,，.。!！?？~～…、;；: -]"
_BEFORE = cue(
    one_of(
        "亲 亲亲 亲爱的 老师 老师好 领导 领导好 大神 大佬 各位 同志 师傅 小伙伴 朋友 您好 你好 你好啊 你好呀 哈喽 哈罗 嗨 嘿 喂 hi hello hey "
        "在吗 在么 在不在 有人吗 有人在吗 打扰了 打扰一下 不好意思 请教一下 请教下 请教 请问 请问下 请问一下 问一下 问下 问个事 "
        "问个问题 有个问题 想问下 想问一下 我想问下 我想问一下 我想问问 想问问 想请教一下 想咨询一下 我想咨询一下 咨询一下 咨询下 "
        "我问下 我问一下 麻烦问下 麻烦问一下 弱弱地问一下 弱弱问一下 顺便问下 顺便问一下 话说 那啥 那个啥 那个 嗯 嗯嗯 哎 诶 唉 哦 噢 呃 额 就是 就是说 "
        "求助 求问 跪求 紧急求助 帮忙看下 帮忙看一下 帮忙查下 帮忙查一下 帮我查下 帮我查一下 帮我看下 帮我看一下 麻烦查下 麻烦帮我查一下 麻烦帮查下 "
        "能不能告诉我 能告诉我 可以告诉我 告诉我 告诉我下 谁能告诉我 有谁知道 有没有人知道 谁知道 知不知道 你知道 你知道不 你帮我看看 我想知道 我想了解下 我想了解一下 想了解一下 想知道 劳烦 劳驾"
    )
    + "|急{2,}(?![救诊])",
    flags=re.I,
)  # 亲, · 你好我想问一下 · 急急急
_BREAK = (
    "亲",
    "老师",
    "领导",
    "各位",
    "同志",
    "师傅",
    "朋友",
    "喂",
    "嘿",
    "那个",
    "就是",
    "额",
    "哎",
    "哦",
    "嗯",
)
_AFTER = cue(
    one_of(
        "谢谢 谢谢啦 谢谢了 谢谢您 谢谢你 谢谢哈 谢谢老师 多谢 多谢啦 多谢了 谢啦 谢了 感谢 感谢感谢 万分感谢 非常感谢 感激不尽 蟹蟹 拜托 拜托了 拜托啦 "
        "辛苦 辛苦了 辛苦啦 麻烦了 麻烦啦 麻烦您了 麻烦你了 thx thanks 3q 3ks 在线等 在线等急 坐等 坐等回复 挺急的 很急 急用 比较急 有点急 着急 很着急 "
        "求解 求解答 求告知 求回复 求科普 求指教 请指教 请赐教 跪谢 跪求 盼复 望告知 望回复 请告知 来着 哈哈 哈哈哈 嘻嘻 呵呵 嘿嘿 hhh 哈 呗 哩 咧 诶 哇 噻 撒 啦啦"
    )
    + "|急{2,}",
    flags=re.I,
)  # 谢谢啦 · ,在线等,挺急的 · 呗
_FACES = cue(
    r"\[(?:"
    + one_of(
        "微笑 捂脸 笑哭 哭 大哭 流泪 抱拳 玫瑰 强 呲牙 偷笑 疑问 可怜 谢谢 握手 合十 害羞 尴尬 发呆 晕 撇嘴 奸笑 嘿哈 OK 爱心 太阳 抓狂 委屈 "
        "旺柴 苦涩 叹气 裂开 让我看看 加油 拥抱 鼓掌 色 得意 惊讶 再见 擦汗 皱眉"
    )
    + r")\]",
    r"[(\[]?[TQ>^oO][_.\-~]+[TQ<^oO][)\]]?",
)  # [捂脸] · T_T
_DRAWN = frozenset({"So", "Sk", "Cn", "Co", "Cf", "Mn", "Me"})
_ROWS = (
    (re.compile(r"[?？!！]*[?？][?？!！~]*"), "?"),  # ？？？ ?!
    (re.compile(r"[!！]{2,}"), "!"),
    (re.compile(r"[~～]+|[.。…·]{2,}|[,，、]{2,}"), ","),  # 低空经济...谁牵头
)


def without_talk(text: str) -> str:
    """A question without the talk around it; talk alone stays as it is.

    >>> without_talk("急急急,低空经济谁牵头???谢谢啦")
    '低空经济谁牵头?'
    """
    bare = _FACES.sub("", "".join(char for char in text if not _is_drawn(char)))
    for pattern, mark in _ROWS:
        bare = pattern.sub(mark, bare)
    bare = _without_before(bare)
    bare = _without_after(bare)
    return bare if re.search(r"\w", bare) else text


def _is_drawn(char: str) -> bool:
    """An emoji, or what joins and colours one."""
    return char > "\u2000" and unicodedata.category(char) in _DRAWN


def _without_before(text: str) -> str:
    while True:
        rest = re.sub(f"^{_MARKS}+", "", text)
        found = _BEFORE.match(rest)
        left = rest[found.end() :] if found else ""
        apart = found and (found[0] not in _BREAK or re.match(_MARKS, left))
        if not apart or not re.search(r"\w", left):
            return rest if re.search(r"\w", rest) else text
        text = re.sub("^[呀啊哦哈呢吧下嘛]+(?=[,，。!！ ])", "", left)


def _without_after(text: str) -> str:
    while True:
        rest = re.sub(f"(?:(?![?!]){_MARKS})+$", "", text)
        asks = rest.endswith(("?", "!"))
        found = re.search(f"(?:{_AFTER.pattern})[!?]?$", rest, re.I)
        left = re.sub(f"(?:(?![?!]){_MARKS})+$", "", rest[: found.start()]) if found else ""
        if not re.search(r"\w", left):
            return rest
        text = left + ("?" if asks and not left.endswith("?") and rest[-1] == "?" else "")
