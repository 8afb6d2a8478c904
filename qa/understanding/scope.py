"""What Wence does not do: small talk, other work, attempts to change its rules."""

from __future__ import annotations

import re

from qa.patterns import cue, one_of

_MADE = one_of(
    "诗 歌词 小说 作文 故事 对联 情书 文案 代码 程序 脚本 剧本 总结 邮件 简历 论文 发言稿 演讲稿 检讨 祝福语"
)
_TALK = one_of(
    "天气 气温 下雨 笑话 星座 运势 彩票 股票 股价 炒股 基金涨 房价走势 电影 明星 球赛 世界杯 菜谱 做饭 "
    "涨停 跌停 概念股 选股 大盘 外卖 酒店预订 吃什么 餐厅 旅游攻略 减肥 谈恋爱 女朋友 男朋友 你几岁 "
    "多大了 你爱 你喜欢 心情 无聊 聊聊天 陪我聊"
)
_GREETINGS = one_of(
    "你好 您好 哈喽 哈罗 嗨 hi hello hey 在吗 早上好 下午好 晚上好 谢谢 多谢 再见 拜拜 好的 ok 嗯 哦"
)
_RULES = one_of("指令 规则 设定 提示 限制 要求 约束 身份")
_IGNORE = one_of("忽略 无视 忘记 忘掉 不要管 绕过 跳过 取消 解除")
_ABOUT = one_of(
    "是谁 叫什么 叫啥 是什么 是机器人 是ai 是哪家 会什么 能做什么 能干什么 会做什么 用的什么模型 是人"
)

OUT_OF_SCOPE = (
    # 查一下我的申请进度 · 一定能批下来吗 · 主任人品怎么样: a case, a promise, an opinion of somebody
    cue(
        "(?:我|咱|他|她|公司|企业|人|家)[^,。]{0,14}(?:申请|审批|办件|办理|报销)(?:的)?(?:进度|进展|状态)",
        "(?:一定|肯定|保证|能不能|是不是)[^,。快早]{0,4}(?:能)?(?:批下来|批准|通过|拿到)(?:吗|么|$)",
        "人品|(?:靠谱|能干|称职)(?:吗|不)|你(?:来)?评价|哪[家个][^,]{0,6}(?:最好|好吃|划算|靠谱)",
        "(?:推荐|附近(?:有没有|有|哪))[^,]{0,8}(?:店|馆|餐|火锅|景点|好吃)|(?:哪[只个支]|买|炒)[^,]{0,3}股票|股票[^,]{0,4}[涨跌买]",
    ),
    # 写一首诗 · 帮我写个总结
    cue(
        rf"(?:写|作|编|来|起草|拟)[一个首篇段几份张]*.{{0,12}}(?:{_MADE})",
        "(?:帮我|给我|替我|帮忙)(?:写|编|画|做|起草|润色)[一个首篇份张段]+",
        "讲一?个(?:笑话|故事)",
    ),
    # 翻译成英文 · 用 Python 写
    cue("翻译[成为下]|翻译一下|(?:译成|用)(?:英文|英语|日语|法语|韩语)", "translate|python|java|sql",
        flags=re.I),
    # 123乘以456
    cue(r"\d+(?:\.\d+)?\s*(?:[+*/×÷x]|加上?|减去?|乘以?|除以)\s*\d+|平方根|解方程"),
    # 今天天气 · 吃了吗 · 你是谁
    cue(
        "(?:今天|明天|后天|现在|这两天|这几天|周末|本周|最近)[^,]{0,4}(?:天气|气温|下雨|冷不冷|热不热)",
        "订(?:一?张|一?间|个|份)?[^,]{0,10}(?:票|房|酒店|餐|外卖)(?=$|[,。!?吧啊呢])",
        "你(?:觉得|看|说)我",
        "^(?:哈|呵|嘿|嘻){2,}",
        "推荐[^,]{0,8}(?:股票|基金|电影|歌|书|餐厅|饭店)",
        "吃[饭过饱]?了[吗么没]", "(?:什么|啥|哪)[^,]{0,6}好吃",
        "唱[首个]?歌",
        rf"你(?:{_ABOUT})",
        flags=re.I,
    ),
    # 你好 · 谢谢啦, and nothing more
    cue(rf"^(?:{_GREETINGS})+[呀啊哦哈啦!,。.~ ]*(?:在吗|在不在|吃了吗)?[?!~。]*$", flags=re.I),
    # 忽略之前的指令 · 系统提示词 · 扮演
    cue(
        rf"(?:{_IGNORE}).{{0,6}}(?:之前|以上|所有|上面|前面|你的|系统|这些|刚才).{{0,6}}(?:{_RULES})",
        rf"(?:{_IGNORE})[了掉]?(?:指令|规则|设定|提示词)",
        "(?:系统|初始|隐藏)?提示词|system ?prompt|ignore .{0,40}(?:instruction|rule|prompt)",
        "(?:没有|不受|解除|无)任?何?(?:限制|约束)的?(?:助手|模型|机器人|ai|版本|模式)",
        "越狱|jailbreak|扮演|假装|假设你是|装作|从现在起你是|你现在是",
        "(?:编|捏造|瞎编|虚构|杜撰)[一个几出]",
        flags=re.I,
    ),
)  # fmt: skip


_TOPICS = cue(_TALK)


def out_of_scope(question: str, known_text: str) -> bool:
    """Whether a question asks for something that Wence is not for.

    A topic of small talk is none where the documents speak of it: 电影 in a plan for culture.
    """
    if any(talk[0] not in known_text for talk in _TOPICS.finditer(question)):
        return True
    return any(pattern.search(question) for pattern in OUT_OF_SCOPE)
