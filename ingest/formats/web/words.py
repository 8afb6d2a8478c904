"""The words by which the parts of a government web page are known.

Labels are those of 政府网站发展指引 (国办发〔2017〕47号) and of the sites' metadata tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What a label says on the card; None for one that is known and not wanted there.
LABELS: dict[str, str | None] = {
    **dict.fromkeys(("标题", "名称", "信息名称", "文件名称", "公文名称"), "title"),
    **dict.fromkeys(
        ("发文机关", "发布机构", "发布机关", "发文单位", "发文机构", "制发机关", "制定机关"),
        "issuer",
    ),
    **dict.fromkeys(("发文字号", "文号", "发文文号", "文件编号", "公文文号", "发文号"), "doc_no"),
    **dict.fromkeys(("成文日期", "成文时间", "印发日期", "印发时间", "签发日期"), "written"),
    **dict.fromkeys(
        ("发布日期", "发布时间", "发表时间", "发表日期", "公开日期", "公布日期", "公开时间"),
        "published",
    ),
    **dict.fromkeys(
        ("有效性", "文件状态", "效力状态", "时效性", "时效状态", "状态", "是否有效"), "validity"
    ),
    **dict.fromkeys(
        ("施行日期", "实施日期", "生效日期", "施行时间", "实施时间", "生效时间"), "effective"
    ),
    **dict.fromkeys(("失效日期", "废止日期", "失效时间", "废止时间", "截止日期"), "expires"),
    **dict.fromkeys(
        (
            *("索引号", "索引", "统一编号", "主题分类", "分类", "主题词", "体裁分类", "组配分类"),
            *(
                "信息分类",
                "公文种类",
                "文种",
                "关键词",
                "关键字",
                "公开方式",
                "公开形式",
                "公开属性",
            ),
            *("公开范围", "公开类别", "公开目录", "所属主题", "所属类别", "信息来源", "文章来源"),
            *(
                "来源",
                "稿源",
                "作者",
                "时间",
                "日期",
                "更新时间",
                "更新日期",
                "生成日期",
                "发文日期",
            ),
            *("发文时间", "有效期", "有效期限", "公开责任部门", "责任部门", "发布单位", "信息类别"),
            *(
                "公开时限",
                "内容概述",
                "概述",
                "登记号",
                "备案号",
                "主题",
                "体裁",
                "服务对象",
                "隶属",
            ),
        )
    ),
}
_GAP = r"[ \u3000]*"
_LABEL = "|".join(
    _GAP.join(label) for label in sorted(LABELS, key=lambda label: (-len(label), label))
)
_OPEN, _SHUT = r"[\[【〔]?", r"[\]】〕]?"
LONE_LABEL = re.compile(rf"{_OPEN}{_GAP}(?:{_LABEL}){_GAP}{_SHUT}{_GAP}[:：]")
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s|丨｜;；]))[\[【〔]?{_GAP}(?P<label>{_LABEL}){_GAP}{_SHUT}{_GAP}[:：]{_GAP}"
)
_EDGE = " \u3000|丨｜;；[]【】〔〕"

_COUNTER = r"(?:浏览|阅读|点击|访问|人气|点赞)(?:次数|人数|量|数|率)?[:：]?(?:\d[\d,]*|-+)?[次人]?"
_TOOL_WORD = re.compile(
    rf"(?:{_COUNTER}"
    r"|(?:浏览)?字[体号](?:大小|选择|缩放|设置)?[:：]?(?:[特超较]?大)?(?:中)?(?:小)?"
    r"|[特超较]?大中小|[大中小]|[特超]大|默认|A[+\-]*[大中小]?|[+\-×↺✕Xx]|-+|[\d-]*次"
    r"|(?:我要|点击)?(?:打印|关闭|收藏|保存)(?:本?[页文]|页面|窗口|此页|文章|文档|正文)?"
    r"|(?:返回|回到)(?:顶部|首页|上[一级]?[页级]|列表|页首)?|(?:一键)?(?:分享|转发)(?:文章|本文)?到?(?:微信|微博|朋友圈|[:：])*"
    r"|(?:新浪|腾讯)?微博|微信(?:好友)?|QQ(?:空间|好友)?|人人网|(?:微信)?朋友圈|复制(?:链接|网址)|取消|更多>*"
    r"|(?:用|打开)?(?:手机|微信)?扫(?:一扫|码)?.{0,24}|(?:我要|内容|网页|页面|在线)?纠错|(?:语音)?(?:听全文|朗读|播报|播放|暂停|停止)"
    r"|下载(?:文字|图片|PDF|Word|WORD|原文)版?|正文|首页|上一页|下一页|末页|尾页|第一页|最后一页|展开|收起"
    r"|无障碍(?:阅读|浏览|版)?|(?:长者|关怀|老年)(?:助手|模式|专区|版)|TOP|简体|繁[体體](?:版)?|English|EN|登录|注册|退出)"
)
_WORD = re.compile(r"[^\s|丨｜\[\]【】〖〗<>《》·/]+")

_OPENING = re.compile(r"[\[【〖<《·/|丨｜\s]*$")
_CLOSING = "]】〗>》 \u3000"
LONGEST = 1000  # characters; a longer line holds neither metadata nor tools
TOOLS_LENGTH = 60  # characters; a longer line is text

RELATED = re.compile(
    r"(?:[【\[])?(?:相关|有关|推荐|延伸|热门|热点|最新|猜你喜欢|更多)"
    r"(?:的)?(?:链接|新闻|阅读|文章|解读|政策|文件|信息|报道|内容|推荐|稿件|附件|资讯|下载|专题)*(?:[】\]])?[:：]?"
    r"|(?:政策|文件|图文)?解读[:：]?|(?:网友|用户)?评论[:：]?|(?:扫描?)?二维码"
)
NEIGHBOUR = re.compile(r"[【\[]?(?:上|下)[一1][篇页条则][】\]]?(?:[:：>].*|\s.*)?")
CREDIT = re.compile(
    r"[（(\[【]?(?:责任编辑|编辑|责编|审核|校对|初审|复审|终审|信息员|录入)[:：].{0,40}"
)
CRUMBS = re.compile(
    r"(?:您|你)?(?:现在|当前|目前)?(?:所在|所处)?(?:的)?(?:当前)?位置(?:是|为)?\s*[:：>].*|[^>＞»›]{1,20}(?:[>＞»›][^>＞»›]{1,24}){2,}"
)
FOOTER = re.compile(
    r"版权所有|Copyright|©|ICP\s*备|公网安备|网安备|网站标识码|技术支持[:：]|网站地图|站点地图|隐私声明|免责声明"
    r"|使用帮助|分辨率|浏览器|您是第|访问量|访问人数|IPv?6|离开.{0,20}网站|请勿转载|网站声明",
    re.IGNORECASE,
)
HOST = re.compile(
    r"(?:主办|承办|运维)(?:单位)?[:：]|关于我们|联系我们"
)  # of a site, or of an event
ATTACHMENT = re.compile(
    r"[【\[]?附件(?:下载|列表)?[一二三四五六七八九十\d]*\s*[】\]]?\s*(?:[:：.、]|$)"
)
FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|ceb|rtf|txt)(?:[?#&].*)?$", re.IGNORECASE
)

# Words of ids and classes. They hint: a block that holds the text stays, whatever it is called.
ARTICLE_HINT = re.compile(
    r"ucap-?content|ucapcontent|trs_ueditor|trs_editor|trs_preappend|(?:^|\s)zoom(?:con)?(?:\s|$)"
    r"|article-?_?(?:content|body|con)(?:\s|$|-body)|pages_content|vsb_content|v_news_content"
    r"|wp_articlecontent|easysite-news-text|custom_unionstyle|(?:news|detail|info|text)-?_?(?:content|cont?)(?:\s|$)"
    r"|content_article|xxgk_?(?:content|con)(?:\s|$)|bt-?_?(?:content|article|con)(?:\s|$)|art_?con(?:tent)?(?:\s|$)"
)
ASIDE_HINT = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigat(?:ion|or)|main-?nav|menu\w*|crumbs?|breadcrumbs?|crumbs-list|curb"
    r"|curmb|location\d?|foot|footer\w*|side-?bar|side-?menu|toolbar|share\w*|bdshare\w*|social-share"
    r"|fenxiang|qr-?code|qr_container|ewm|erweima|related|xgxw|xgwz|xgyd|xgjd|recommend|hotnews|pagination"
    r"|pagediv|pager|copyright|login|banner|gotop|backtop|totop|returntop|search\w*|sousuo|prev_?next"
    r"|modal|popup|dialog|aria-hidden|fontsize|setfont)(?=[\s_-]|$)"
)
HEAD_HINT = re.compile(r"(?:^|\s)(?:header|head|top)(?=[\s_-]|$)")


def pairs_in(text: str) -> Iterator[tuple[str, str]]:
    """The labels of a line with their values as printed: 文号：国发〔2018〕42号."""
    found = list(_LABELLED.finditer(text)) if len(text) <= LONGEST else []
    ends = [*(label.start() for label in found[1:]), len(text)]
    for here, end in zip(found, ends, strict=False):
        value = text[here.end() : end]
        yield plain_label(here["label"]), value.strip(_EDGE)


def begins_label(text: str) -> bool:
    """Whether a text is a label, with or without its colon, or begins with one."""
    return bool(LONE_LABEL.match(text.strip())) or plain_label(text[:LONGEST]) in LABELS


def plain_label(text: str) -> str:
    """A label without blanks, brackets and colon: `[索 引 号]：` is 索引号."""
    return re.sub(r"[\s\u3000\[\]【】〔〕:：]", "", text)


def tool_spans(text: str) -> list[tuple[int, int]]:
    """The stretches of a line that only work the page: 打印, 字体：大 中 小, 浏览次数：31."""
    if len(text) > LONGEST:
        return []
    spans: list[tuple[int, int]] = []
    before = 0  # where the last word ended
    joins = False
    for word in _WORD.finditer(text):
        bare = word[0].strip("：:()（）")
        if bare and not _TOOL_WORD.fullmatch(bare):
            joins = False
        elif joins:
            spans[-1] = (spans[-1][0], word.end())
        else:
            opened = _OPENING.search(text, before, word.start())
            spans.append((opened.start() if opened else word.start(), word.end()))
            joins = True
        before = word.end()
    return [
        (start, end + len(text[end:]) - len(text[end:].lstrip(_CLOSING))) for start, end in spans
    ]


def without_tools(text: str) -> str:
    """A line without what only works the page."""
    pieces, done = [], 0
    for start, end in tool_spans(text):
        pieces.append(text[done:start])
        done = end
    return "".join([*pieces, text[done:]])


def is_tools(text: str) -> bool:
    """Whether a line only works the page."""
    return len(text) <= TOOLS_LENGTH and not _WORD.search(without_tools(text))
