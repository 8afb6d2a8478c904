"""Facts that people ask for by kind: how a kind is asked, and how a text that states it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from numerals import CHINESE_DIGITS
from qa.patterns import cue, one_of

FIGURE = (
    rf"(?<![\d.])(?:\d[\d,]*(?:\.\d+)?[万亿]?"  # 46, 5万, 3.5
    rf"|[{CHINESE_DIGITS}]*[一二三四五六七八九十两百千][{CHINESE_DIGITS}]*)"  # 五, 二十一
)
_NOT_MORE = "不得?(?:超过|高于|多于|少于|低于|小于)"
LIMITS = f"(?:等值|约|近|{_NOT_MORE}|(?<!不)(?<!不得)超过|至少|至多|最多|最少|最长|最高)*"
MEASURES = one_of(
    "平方公里 平方千米 平方米 万平方米 公顷 亩 公里 千米 米 万美元 亿美元 美元 万元 亿元 元 万人 人次 人 "
    "个百分点 % 个工作日 工作日 个月 日 天 年 周 小时 家 所 座 栋 幢 处 条 种 类 名 位 次 套 台 架 项 个 "
    "届 期 号线 倍 户 件"
)
_ASKED_MEASURES = f"{MEASURES.replace('|人|', '|人(?!民)|')}|" + one_of(  # what people count beside
    "兆 吨 千瓦 平方 张 层 站 门 间 床 只 辆 艘 列 场 期 批 款 本 块 片 支 枚 份 组 顿 颗 班 轮 笔 宗 单 点"
)
_AREA = f"{FIGURE}[余多]?(?:平方公里|平方千米|平方米|万平方米|㎡|m²|平米|公顷|亩)"
_MONEY = f"{FIGURE}[余多]?[万亿]?(?:美元|元)"
_SPAN = f"(?<!满){FIGURE}个?(?:工作日|日|天|年|个月|小时)"
_YEAR = r"(?:19|20)\d\d年|年底|年内|月底|开局之年"
_MONTH = rf"(?<![个{CHINESE_DIGITS}\d])(?:\d{{1,2}}|十?[一二三四五六七八九十])月|[上下]半年|季度"
OFFICE = "(?:组长|主任|书记|局长|行长|区长|市长|县长|镇长|院长|校长|经理|董事长|总裁|主席|会长|秘书长|负责人)"
_FROM_THEN = "[自从][^，。；]{2,16}(?:之日|当日|次日|当月|次月|次年)起"
_TIMES = one_of("时间 日期 期限 时限 截止 截止时间 完成时间 节点")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A kind of fact. `asked` stands in the question, `stated` in a text that answers it.

    `nouns` are words for the kind itself: a text that lacks them may be about the matter all the
    same.
    """

    name: str
    label: str
    asked: re.Pattern[str]
    stated: re.Pattern[str]
    nouns: re.Pattern[str]


def _attribute(name: str, label: str, asked: str, stated: str, nouns: str = "") -> Attribute:
    return Attribute(name, label, cue(asked), cue(stated), cue(nouns or asked))


ATTRIBUTES = (
    _attribute(
        "change",
        "变化的幅度",
        "(?:降|减|涨|增|提高|增长|压减|减少|下调|上调|提升|增加|下降|降低|上升|上涨|上浮|缩短)(?:低|了|幅|长|加)?(?:多少|几(?![个家项条种天年]))",
        r"\d|百分之|成(?:以上|左右)",
    ),
    _attribute(
        "contact",
        "联系方式",
        one_of("电话 联系方式 手机号 邮箱 网址 微信 联系人 热线")
        + "|(?<!国外)(?<!境外)网站(?!业务|建设)",
        r"\d{7,}|\d{3,4}-\d{7,8}|@|https?:|热线",
    ),
    _attribute(
        "name",
        "名称",
        rf"{OFFICE}的?(?:名字|姓名|大名)|{OFFICE}(?:是)?叫(?:什么|啥)",
        "姓名|名单[:：]|[组局区市院]长[:：]",
        "名字|姓名|大名",
    ),
    _attribute(
        "person",
        "人选",
        f"谁担任|由谁任|谁来?当|负责人是谁|领导是谁|哪位(?:领导)?|{OFFICE}(?:都|分别)?(?:是|为)(?:谁|哪位)",
        f"担任|任[^务何]{{0,3}}组长|负责人|(?:经|由|报)[^，。；]{{0,12}}{OFFICE}",
    ),
    _attribute(
        "called",
        "名称",
        "(?:分别|各自)都?叫做?(?:什么|啥)(?:名字?|名称)?|分别是什么(?:名字|名称)",
        "[“《「]|名为|名称|称为|命名|(?:、[^、，。；]{2,}){2}",
        "名字|名称",
    ),
    _attribute(
        "roster",
        "名单",
        "(?:名单|清单)[里上中]?(?:都|具体)?(?:有|包括|包含|是)(?:哪|什么|谁)|名单(?:是|有)?(?:什么|哪些)"
        "|名单(?:给我|发我|列|有吗|在哪)|(?:列|给|发|要)(?:一下|出|我)?.{0,16}名单$",
        "名单[:：]|(?:包括|分别为|分别是)|(?:、[^、，。；]{2,}){2}",
        "名单",
    ),
    _attribute(
        "shares",
        "各占多少",
        "(?:各|分别)占(?:多少|几)|占了?(?:其中)?的?(?:多少|几成|百分之几)|各自?(?:是|有)?多少(?:面积|平方)",
        rf"(?:{_AREA}|{_MONEY}|\d%)[^。；]*(?:{_AREA}|{_MONEY}|\d%)",
        "各占|分别占",
    ),
    _attribute(
        "criteria",
        "认定标准",
        "(?:认定|评定|评选|入选|准入|认证)(?:的)?(?:标准|条件|门槛)|(?:怎么|如何)(?:认定|评定)"
        "|(?:怎样|怎么|如何)(?:才算|才?算是|才?能算|才?够得上)|什么样的?[^,]{0,6}才?(?:算|能算|够得上)",
        "(?:应当?|须|需要?)(?:同时)?(?:符合|具备|满足)|下列条件|(?:条件|标准)(?:为|是|[:：]|包括)|是指",
        "认定标准|认定条件|标准|条件",
    ),
    _attribute(
        "hours",
        "时间",
        "几点(?:钟)?(?:开|关|上班|下班|营业)|营业时间|开放时间|办公时间|开门|关门",
        r"\d{1,2}[:：点]\d{0,2}",
    ),
    _attribute(
        "threshold",
        "门槛",
        "(?:学历|资质|年龄|人数|规模|营业额|纳税额?)[^,]{0,6}(?:门槛|条件|要求|限制)|门槛(?:是|有|多)",
        r"以上|以下|不低于|不少于|超过|(?:应当?|须|必须)[^，。]{0,12}(?:符合|具备)|\d",
        "门槛|条件|要求",
    ),
    _attribute("latin", "英文缩写", "英文(?:缩写|简称|名|叫|是)|缩写", "[A-Za-z]{2,}", "英文|缩写"),
    _attribute(
        "standing",
        "定位",
        "定位|(?:什么|怎样的|何种)(?:样的)?地位",
        "定位|作为[^，。；]{2,40}(?:主|引擎|枢纽|中心|高地|示范|标杆|先行|核心)",
    ),
    _attribute(
        "meeting",
        "是哪次会议",
        "(?:哪|什么)[一两二三四几]?[次个场届]{0,2}(?:会议|大会|全会|会上)",
        "(?:会议|大会|全会)[^。]{0,40}(?:通过|审议|召开|部署|决定|精神)",
    ),
    _attribute("era", "是怎样的一年", "(?:什么|怎样的|何种)(?:样的)?(?:之年|一年)", "之年"),
    _attribute(
        "percent",
        "比例",
        one_of("百分之几 百分之多少 比例 占比 几成 多少% 百分比 几个点 利率 税率 费率")
        + "|[\u4e00-\u9fa5]率(?:是|为|有)?多少|按[^，。,]{1,12}的多少",
        "%|百分之|百分点|成(?:以上|左右)|LPR|BP|基点",
    ),
    _attribute(
        "age",
        "年龄",
        "几岁|多少岁|多大(?:的)?(?:岁数|年纪|年龄)|年龄(?:是|要|有|限制|要求|多大|多少|上限|下限)",
        f"{FIGURE}周?岁",
        "年龄|岁数|年纪",
    ),
    _attribute(
        "area",
        "面积",
        "面积|(?<!做)多大(?!岁|年|名堂|程度|力度|规模)|占地|多少平方",
        _AREA,
        "(?:总|占地|建筑|用地)?面积",
    ),
    _attribute(
        "fee",
        "收费",
        one_of("收费 票价 价格 学费 停车费 租金 房租 月租 资费") + "|要钱吗|免费吗|费(?:用)?怎么算",
        f"(?:收费|收取|费用|票价|价格|租金)[^。]{{0,20}}{_MONEY}|免(?:费|收|交|缴|除)|减(?:免|收|交)",
        one_of("收费 费用 价格"),
    ),
    _attribute(
        "money",
        "金额",
        one_of(
            "多少人民币 减免多少 优惠多少 抵扣多少 多少钱 金额 多少万 多少元 补贴标准 奖励标准 总投资 "
            "收费标准 额度 上限"
        )
        + "|(?:补贴|补助|奖励|资助|奖金|资金|投资|预算|收费|费用|经费)[是有]?(?:标准)?(?:多少|几)"
        "|(?:多少|几)[万亿]?(?:补贴|补助|奖励|美元)|多少(?:专项)?(?:资金|经费|补贴|补助|奖励|费用|押金|保证金|利息|税)"
        "|[给发拿]多少|最高[给补奖]?多少",
        _MONEY,
        one_of(
            "金额 额度 上限 下限 标准 补贴 补助 奖励 资助 奖金 资金 专项资金 专项 投资 总投资 预算 收费 费用 "
            "经费 价格"
        )
        + r"|[\u4e00-\u9fff]{0,2}费|减免|优惠|抵扣",
    ),
    _attribute(
        "date",
        "时间",
        one_of("什么时候 啥时候 何时 几时 哪年 哪一年 哪天 哪一天 哪个月 几月 时间节点 多会儿")
        + "|什么时间(?!圈|段)"
        + "|几号(?!线)",
        f"{_YEAR}|{_MONTH}|{_FROM_THEN}",
        _TIMES,
    ),
    _attribute(
        "deadline",
        "时限",
        one_of("完成时限 截止 到期 有效期 期限 时限"),
        f"{_YEAR}|{_MONTH}|{_SPAN}(?!级)",
        _TIMES,
    ),
    _attribute("duration", "时长", one_of("多久 多长时间 多长 几天 多少天"), _SPAN),
    _attribute(
        "purpose",
        "目的",
        "(?:目的|宗旨|初衷)(?:是|在于|何在|$)|为了(?:什么|啥)|为(?:什么|啥|何)(?:要)?(?:制定|出台|印发|搞|发|定)",
        "^为了?[^,，。]{4,}|为(?:了|进一步|深入|贯彻|落实|规范|加强|推动|促进|加快|做好|切实)|目的|旨在",
        "目的|宗旨|初衷",
    ),
    _attribute(
        "basis",
        "依据",
        "(?<!政策)依据|(?:根据|依照|按照|落实|贯彻|响应).{0,6}(?:什么|哪)(?!措施|举措|任务|政策支持)|上级文件|上位文件",
        "(?:根据|落实|贯彻|按照).{0,60}(?:通知|规定|要求|精神|法|条例|方案|意见|部署)|依据",
    ),
    _attribute(
        "address",
        "地址",
        "地址(?!.{0,3}(?:怎么|如何|咋))|具体位置|门牌|哪[一几]?条(?:路|街)|(?:在|设在|位于)[^,]{0,4}(?:几号楼|哪[一几]?栋)|哪(?:个|几个|些)地块",
        r"地址|位于|坐落|[路街道]\d+号|地块",
    ),
    _attribute(
        "place",
        "地点",
        "在哪(?!些|个|几|两|次|场|届|年|天|月|份|部)|何处|什么地方|地点|设在|位于哪",
        "设在|位于|坐落|地址|包括|在[^,，。;；]{2,16}(?:设|建|打造|布局|开展|范围内|区域内)",
    ),
    _attribute(
        "materials",
        "材料",
        "(?:什么|哪些|准备|提交|需要|申请|申报)[^,]{0,4}材料|表格|证件",
        one_of("材料 表格 证件 备案表 证明"),
    ),
    _attribute(
        "procedure",
        "办理流程",
        one_of("流程 手续 步骤 怎么申请 如何申请 怎么办理 如何办理 怎么申报 如何申报")
        + "|[在去到]哪(?!些|几)[个里儿]?.{0,4}(?:窗口|办(?!公)|申请|领取)",
        "流程|手续|申请[^。]{0,12}(?:应|须|提交)|提交",
    ),
    _attribute(
        "penalty", "处罚", one_of("罚款 处罚 怎么罚 罚多少 违反 后果"), "罚|责令|赔偿|追究|处分"
    ),
    _attribute(
        "progress",
        "进展",
        one_of("进展 进度 完成了吗 完成了没 完成没 建成了吗 建成了没 完成情况 到哪一步 做完了"),
        "已经?(?:建成|完成|投入|启用)|前期工作|启动建设|开工建设",
    ),
    _attribute(
        "alias",
        "简称或别称",
        "又称|又叫|别称|俗称|简称(?:是|为|叫)?(?:什么|啥)|(?:怎么|如何)简称",
        "又称|又叫|也称|俗称|别称|以下统称|简称",
    ),
    _attribute(
        "figure",
        "数值",
        "是多少|多少[?]?$|多大规模|规模(?:是|有|要|达到|做到)*多[大少]|(?:吸引|引进|培育|新增|建成|落户|集聚|打造|达到)[^,多]{0,4}多少",
        r"(?<!\d)(?!(?:19|20)\d\d年)\d",
    ),
)

_BODY = (
    "(?:[\u4e00-\u9fff（）()“”、及和与或]{0,30}?(?:部门|机关|机构|政府|街道办事处|委员会|总局|局|厅|委|办公室|法院|"
    "检察院|中心|银行|协会|单位|公司|集团|总署|海关|组织|学校|企业|大学|负责人|代表人|专班|小组)(?:（[^）]{1,12}）)?)"
)
_DOES = (
    "(?:应当|负责|主管|承担|可以|可|不得|责令|组织|予以|会同|统筹|根据|依照|依法|每年|要|给予|处以|作出|制定|审批|"
    "批准|受理|核发|协助|协同|配合|做好|承办|牵头|颁发|监督|管理|指导|备案|清算|确认|报告|提交|遴选|实施)"
)
AGENT = _attribute(  # who does something, in a text that prints no roles: 由市民政局会同…制定
    "agent",
    "由谁负责",
    "谁|哪",
    rf"(?:由|经|报|报请){_BODY}|(?:^|[，。；：:、\s]){_BODY}{_DOES}",
    "单位|部门|机构|谁",
)

QUANTITY = cue(f"(?:@many|第几)个?(?P<measure>{_ASKED_MEASURES})")  # 压缩到多少日, 几张床, 几年
_COUNTED = re.compile(rf"(?:{QUANTITY.pattern})的?(?P<noun>[\u4e00-\u9fff]{{2,4}})")  # 多少名学员
OF_DOCUMENTS = ("meeting", "basis", "era", "standing", "purpose")  # facts of a document as a whole
_CARD_KINDS = {
    "issued": "date", "effective": "date", "expires": "deadline",
}  # fmt: skip


CLAIMED = re.compile(rf"({FIGURE})(?:余|多)?(?:个)?({MEASURES})")  # a figure put up: 50平方公里


def attribute(name: str) -> Attribute | None:
    """The row of a name; of a line of a document's card, the kind of fact that a matter may have."""
    name = _CARD_KINDS.get(name, name)
    return next((row for row in (*ATTRIBUTES, AGENT) if row.name == name), None)


def counted_noun(text: str) -> str:
    """What a question counts, where it says so: 学员 in 收多少名学员. A text may lack it."""
    found = _COUNTED.search(text)
    return found["noun"] if found else ""


_TO_WHOM = re.compile("报(?:请|经)?(?:谁|哪(?:里|级|个?(?:部门|单位|机关)))")
_ASKING = re.compile("什么|啥|谁|哪|多|几|何|怎|如何|吗")


def attribute_asked(text: str) -> Attribute | None:
    """The kind of fact that a question asks for, in the order of the table.

    What is paid may be the matter itself, where something else is asked of it: 租金标准什么时候调整.
    """
    if _TO_WHOM.search(text):
        return AGENT
    found = [(row, hit[0]) for row in ATTRIBUTES if (hit := row.asked.search(text))]
    others = [row for row, words in found if row.name != "fee" or _ASKING.search(words)]
    return next(iter(others or [row for row, _ in found]), None)


_OFFICE_ASKED = re.compile(rf"(?P<office>[副总]?{OFFICE})(?:都|分别)?(?:是|为)(?:谁|哪位)")


def office_pattern(text: str) -> re.Pattern[str] | None:
    """How a text looks that says who holds the office asked for: 由区长担任组长; None for no office."""
    found = _OFFICE_ASKED.search(text)
    if not found:
        return None
    office = re.escape(found["office"])
    return re.compile(f"(?:担任|兼任|任|由|为)[^，。；]{{0,8}}{office}(?!担任|任)|{office}[:：]")


_ALIKE = (
    ("日", "天", "工作日", "个工作日"),
    ("人", "名", "位", "人次"),
    ("家", "户"),
    ("所", "家"),
)


def quantity_pattern(measure: str) -> re.Pattern[str]:
    """A figure with that measure word, as printed: `约46平方公里`, `200家`, `最长五年`."""
    alike = next((unit for unit in _ALIKE if measure in unit), (measure,))
    unit = f"(?:{one_of(' '.join(map(re.escape, alike)))})"
    ends = "(?!月|工作日|小时|百分点|星期|季度)" if measure == "个" else ""
    return re.compile(f"{LIMITS}第?{FIGURE}[余多]?个?{unit}{ends}(?:以上|以下|以内|左右)?")
