"""A message that corrects the question before it, as the part of a question that it puts right."""

from __future__ import annotations

import re

from qa.patterns import cue

_WRONG = "(?:不对|不是|不|你?(?:说|问|打|写|搞|弄|理解)?错了)"
_SAY = "(?:问|说|指|要|查)"
_MEANT = (
    f"(?:我(?:想|要)?{_SAY}的?是|我是(?:想|要)?{_SAY}|(?:应该|应当|而|其实|要)?{_SAY}?的?是|应为"
    "|换成|改成)"
)
_CORRECTION = cue(
    f"^{_WRONG}[吧啊呀哦]?[,。!;]+{_MEANT}?(?P<a>.+)$",  # 不对,我问的是配合单位
    "^(?:不是|不问|不要|别说)(?:问|说)?.{1,20}?[,。;]?(?:而|我)?(?:是|问|要)(?:问|说)?的?(?:是)?(?P<b>.+)$",
    r"^我(?:想|要)?(?:问|说|指)的?是(?P<c>.+)$",  # 我说的是虹桥那份
    "^(?:换成|改成|改为|换一?个(?!话题|问题|事|角度))[,。]?(?P<d>.+)$",
)
_NOT_THAT = re.compile(r"[,。;]?(?:而|并)?不是[^,。;?]{1,20}$")  # 自贸区方案的,不是虹桥的
_ASKS = re.compile(r"[呢?吗]$|谁|哪|什么|多少|几")


def corrected(message: str) -> str:
    """What a correcting message asks instead: `区科委呢` for 不是区经委,是区科委; else the message.

    The answer to `区科委呢` is that of the question before it with its unit replaced.
    """
    found = _CORRECTION.search(message)
    if not found:
        return message
    meant = next(part for part in found.groups() if part).strip(",。!;? ")
    meant = _NOT_THAT.sub("", meant) or meant
    return meant if _ASKS.search(meant) or not meant else f"{meant}呢"
