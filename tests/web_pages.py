"""Pages of a made-up water authority, in the shapes that government sites have."""

from __future__ import annotations

from collections.abc import Callable

from ingest.document import Document, ResidueKind, Source, restore, settle
from ingest.formats.html import read

TITLE = "关于加强城市供水保障工作的通知"
BODY = (
    "各区水务局：",
    "为进一步加强城市供水保障工作，现就有关事项通知如下。",
    "一、总体要求",
    "各单位要高度重视，明确责任，确保各项任务按期完成。",
    "二、水质检测",
    "供水企业应当每季度公布一次检测结果；出现异常的，应当立即报告。",
    "某某市水务局",
    "2024年5月6日",
)
NAV = "".join(
    f"<li><a href='/{at}'>{name}</a></li>"
    for at, name in enumerate(("首页", "机构职能", "政务公开", "办事服务", "互动交流"))
)
NEWS = "".join(
    f"<li><a href='/n{at}.html'>某某市召开第{at}次工作会议</a><span>2024-0{at}-01</span></li>"
    for at in range(1, 6)
)
FOOT = (
    "<div>版权所有：某某市人民政府 主办：某某市人民政府办公室</div><div>地址：中心路1号 邮编：100000</div>"
    "<div><a href='//beian'>京ICP备12345678号</a> 网站标识码：1234567890</div>"
)
TOOLS = (
    "<div><span>分享到：</span><a href='#'>微信</a> <a href='#'>微博</a></div>"
    "<div><a href='javascript:print()'>【打印本页】</a> <a href='javascript:close()'>【关闭】</a></div>"
    "<div>扫一扫在手机打开当前页</div>"
)
CRUMBS = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/t'>通知公告</a> &gt; 正文</div>"
BYLINE = "<div>发布日期：2024-05-06 来源：市水务局 浏览次数：128 【字体：大 中 小】</div>"
PRINTED = "发布日期：2024-05-06 来源：市水务局"


def paragraphs(lines: tuple[str, ...] = BODY) -> str:
    return "".join(f"<p>　　{line}</p>\n" for line in lines)


def source(page: str | bytes, name: str = "通知.html") -> Source:
    return read(page.encode() if isinstance(page, str) else page, name)


def kept(page: str | bytes) -> list[str]:
    """The lines of the document, the site around it cut; nothing of the file is lost."""
    read_page = source(page)
    document = settle(read_page)
    assert restore(document.text, document.residue) == read_page.text
    assert {cut.kind for cut in read_page.cuts} <= {ResidueKind.NAVIGATION}
    assert_well_formed(document)
    return document.text.strip("\n").split("\n")


def assert_well_formed(document: Document) -> None:
    for table in document.tables:
        assert len({len(row.cells) for row in table.rows}) == 1
        for row in table.rows:
            cells = [document.text[start:end] for start, end in row.cells]
            assert "\t".join(cells) == document.text[row.start : row.end]
    for heading in document.headings:
        assert heading.start == 0 or document.text[heading.start - 1] == "\n"


def div_soup() -> str:
    return (
        f"<div><a href=/>首页</a><a href=/1>政务公开</a><a href=/2>办事服务</a></div>{CRUMBS}"
        f"<div><div>{TITLE}</div>{BYLINE}<div>　　{'<br>　　'.join(BODY[:6])}</div>"
        f"<div>{BODY[6]}</div><div>{BODY[7]}</div>{TOOLS}<div>上一篇：<a href=/p>关于开会的通知</a></div>"
        f"</div><div>{FOOT}</div>"
    )


def tables_of_2005() -> str:
    menu = "".join(f"<tr><td>·<a href=/{at}>部门动态{at}</a></td></tr>" for at in range(8))
    return (
        f"<table><tr><td><img src=/images/banner.jpg width=780 height=120></td></tr></table>"
        "<table><tr><td><a href=/>首页</a></td><td><a href=/1>政务公开</a></td></tr></table>"
        f"<table><tr><td width=180><table>{menu}</table></td><td><table>"
        f"<tr><td align=center><b>{TITLE}</b></td></tr><tr><td>{BYLINE}</td></tr>"
        f"<tr><td><font size=3>　　{'<br>　　'.join(BODY[:6])}</font></td></tr>"
        f"<tr><td align=right>{BODY[6]}<br>{BODY[7]}</td></tr><tr><td>{TOOLS}</td></tr></table></td></tr>"
        f"</table><table><tr><td>{FOOT}</td></tr></table>"
    )


def menu_in_one_block() -> str:
    return (
        f"<ul>{NAV}</ul>{CRUMBS}<h1>{TITLE}</h1>{BYLINE}{paragraphs()}"
        f"{TOOLS}<h3>相关新闻</h3><ul>{NEWS}</ul>{FOOT}"
    )


def form_around_all() -> str:
    return (
        f"<form id=form1 method=post><div id=header><ul>{NAV}</ul></div><div id=ctl00>"
        f"<span id=lbTitle>{TITLE}</span>{BYLINE}<span id=lbContent>{paragraphs()}</span></div>"
        f"<div id=footer>{FOOT}</div></form>"
    )


def split_text() -> str:
    return (
        f"<div class=top><ul>{NAV}</ul></div><div class=main><div class=bt>{TITLE}</div>{BYLINE}"
        f"<div class=zw><div>{paragraphs(BODY[:4])}</div><div>{paragraphs(BODY[4:6])}</div>"
        f"<div>{paragraphs(BODY[6:])}</div></div><div><h3>猜你喜欢</h3><ul>{NEWS}</ul></div></div>{FOOT}"
    )


def misleading_names() -> str:
    return (
        f"<div class='search-page share'><div class=menu-box><ul>{NAV}</ul></div><h1>{TITLE}</h1>"
        f"{BYLINE}<div class='banner related nav'>{paragraphs()}</div></div><div>{FOOT}</div>"
    )


def sidebar_before() -> str:
    return (
        f"<header><ul>{NAV}</ul></header><div><div><h3>栏目导航</h3><ul>{NAV}</ul>"
        f"<div>热线电话：12345，欢迎拨打。</div></div><div><h2>{TITLE}</h2>{BYLINE}"
        f"<div>{paragraphs()}</div></div></div><footer>{FOOT}</footer>"
    )


def frames_around() -> str:
    return (
        f"<iframe src=/top.html></iframe><ul>{NAV}</ul><div class=wrap><h1>{TITLE}</h1>{BYLINE}"
        f"<div class=TRS_Editor><style>p {{color: red}}</style>{paragraphs()}</div>{TOOLS}"
        f"<iframe src=//share.example/bar height=20></iframe></div>{FOOT}<script>track()</script>"
    )


SHAPES: tuple[Callable[[], str], ...] = (
    div_soup,
    tables_of_2005,
    menu_in_one_block,
    form_around_all,
    split_text,
    misleading_names,
    sidebar_before,
    frames_around,
)
