"""Question frames: the words people put around a matter, which should not move its vector.

Official texts hold hardly any questions, so that `怎么办` would keep the long vector of a rare
word. Queries are therefore framed at random, and training learns to give these words no weight.
"""

from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer

from index.training.ragged import Ids
from index.training.tokenizer import token_ids

OPENINGS = """
    请问 我想问一下 想咨询 什么是 谁 谁可以 谁负责 谁来 由谁 哪些 哪个部门 哪家单位 哪里
    如何 怎么 怎样 为什么 是否 有没有 能不能 能否 可不可以 可以 如果 要是 我 我们 我家
    我们公司 我的 本人 他 对方 别人 因为 一个 这个
"""
CLOSINGS = """
    吗 呢 吧 么 怎么办 怎么处理 怎么算 怎么认定 怎么申请 怎么做 如何处理 如何认定
    如何办理 是否合法 合法吗 可以吗 行吗 有用吗 有效吗 有哪些 有哪些规定 有什么
    有什么要求 有什么条件 是什么 是什么意思 什么时候 多久 多少钱 多少天 多少 几年 几个
    哪里办 找谁 谁牵头 谁负责 由谁负责 哪个部门管 需要什么材料 要多长时间 会怎么样
    会怎样 犯法吗 算不算 该怎么办 应该怎么办 有什么政策 能拿多少 有补贴吗
"""


class QuestionFrames:
    """Openings and closings as token ids."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Cut all frames with `tokenizer`."""
        self._openings = frames(OPENINGS.split(), tokenizer)
        self._closings = frames(CLOSINGS.split(), tokenizer)

    def apply(self, query: Ids, share: float, random: np.random.Generator) -> Ids:
        """With probability `share` each, put an opening before and a closing after `query`."""
        opens, closes = random.random(2) < share
        parts = [query]
        if opens:
            parts.insert(0, self._openings[int(random.integers(len(self._openings)))])
        if closes:
            parts.append(self._closings[int(random.integers(len(self._closings)))])
        return np.concatenate(parts)


def frames(texts: Sequence[str], tokenizer: Tokenizer) -> list[Ids]:
    """Cut `texts` into known tokens; a frame may become empty when its words are unknown."""
    cut = (np.asarray(ids, dtype=np.int64) for ids in token_ids(tokenizer, texts))
    return [ids[ids > 0] for ids in cut]
