"""Measure words: classifiers (家, 项, 人次) and units of measure (亩, 千瓦时) after a number.

Legal units as in GB 3100-1993. Years, months, days and hours are none of them: a length of time is
no count. What a word must not run into follows it after `!`, as characters, or as alternatives
with `|`: 家!庭 is no measure in 3家庭.
"""

from __future__ import annotations

import re

# Clear after a number in Chinese too: 五家, 三十名.
_CLEAR = """
    家!庭长属具政电园乡禽畜校装居风宴渠规门 家次 户!籍口外主型均厕 户次 所 座
    名![单录称牌城镇胜师特优额次品誉]|义(?!务) 人!民|均|才|员|口|力|工智能|行|体|物|文|生[^产]
    人次 人份 位!于置列移阶一 处!理置罚分级长于以室所方境警暑女在 台!账湾胞风阶海北式前词州山河县
    台套 台次 辆 辆次 艘 艘次 架 架次 列!入出为车举席支表示第装明名管 套!餐|路|种|现|取|期|班子
    件!套 件次 份!额子量 批!准发复评示次文转改捕办 批次 场!所地景馆站合面内外均域长镇 场次
    次!日年月级要生数序产氯贷于 部!门分委级长署落位属队
    支![持付出撑部线柱流行教农援书委护架座招原]|队(?!伍) 张!力家贴扬 间!隔接断歇距作 栋 幢 册 册次
    篇!章 页 幅!度员 枚 桶 瓶!颈盖装 盒 例!如外会行子题证规次假 头!部条像等 尾!气水矿部款号盘
    羽!毛绒 株!洲 棵 颗!粒 盏 箱 标箱 标准箱 车次 班次 航次 趟 宗!教旨族 床!垫铺 床位 匹 课时 学时
    学分 车位 泊位 学位
"""
# Clear after digits, or a large number: 三项制度 and 四个方面 are words, 12项 and 十二项 are counts.
_LOOSE = """
    个!月|小时|工作日|日|学[年期]|季度|年|体|性|税|别|周|星期|交易日|自然日|百分|世纪 项!目(?!标)
    种!植业子苗养粮类群质畜禽公猪牛羊源草 条!例件款约规块码幅形 款!项式待规 类!别型似推比 大类
    门类 期!间限末内满货权刊盼望待 轮!换车值岗流训候胎船椅滑 组!织成长建合团别级 班!子组主车级列线
    门!诊票户店头前口槛牌静峡卫禁球特慢急 节课 片!区面段 块!状链 口!岸径腔头罩号粮子碑述语味岁
    眼!镜科睛病底光部角 孔!子庙府径雀隙 根!据本治源植基 杆!塔菌线 层!次级面出 卷 例次 团
    字!体号段典样节符幕 席!位地间卷 本!级地人市区省县年月科办通规条届行身轮金报方案土着法细公实预
    起!来草步诉始点止重飞算伏义源用到码见施实执计讫按由对将,，。;；、至 笔!试者记录画 袋!装
    包!括含装容保联车干村户抓靠片围
    分!钟之别类期批级局公校院行店散解布配工管析支组享项区层段为成开离担包数红拆流歧场厂部会站馆中摊步三两二四五六米
    站!点长台区 梯次 轮次 宗地 桌!面 串 封!闭存控锁装条山口面建堵停顶
"""
# Only after a number with 万 or 亿: 3路 is a bus, 1.8万路 are counted.
_LARGE = """
    路!径线段网政面灯由基 方!案面式法向针便可能才舱位言 单!位独元项个一次价体证据纯笔日边
    票!据价面款 只!有是能要 对!于 桩 字节 度!假|数|量|过
"""
_PHYSICAL = """
    平方公里 平方千米 平方米 平米 平方 公顷 亩 亩次 公里 千米 海里 米!粉饭面其 分米 厘米 毫米 微米
    纳米 英寸 立方米 立方公尺 公尺 立方 升!级高至值学旗温幅降入到 毫升 吨 吨标准煤 吨公里 公斤
    千克 斤 克!服隆山里拉 毫克 微克 担!保任当负心忧 千瓦时 千瓦 兆瓦时 兆瓦 吉瓦 瓦!斯房窑 瓦时
    度电 千伏安 千伏 伏 安时 千卡 大卡 吉焦 兆帕 赫兹 兆赫 摄氏度 分贝 倍!增 人公里 ㎡ ㎥ m² m³
    km² hm² km2 m2 m3 hm2 km cm mm dm nm μm um m kg mg μg ug g t mL ml L kWh MWh GWh TWh kW MW GW
    kVA MVA kV Hz kHz MHz GHz dB PB TB GB MB EB ZB Gbps Mbps Tbps PFLOPS EFLOPS TEU ℃ °C
"""
UNIT_NAMES = {
    **dict.fromkeys(("㎡", "m²", "m2", "平米"), "平方米"),
    **dict.fromkeys(("㎥", "m³", "m3", "立方"), "立方米"),
    **dict.fromkeys(("km²", "km2", "平方千米"), "平方公里"),
    **dict.fromkeys(("元人民币", "人民币"), "元"),
    "km": "公里",
    "百分点": "个百分点",
}


def _words(table: str) -> frozenset[str]:
    return frozenset(entry.partition("!")[0] for entry in table.split())


def _pattern(*tables: str, bare: bool = False) -> str:
    """The words of the tables as alternatives, longer ones first, with what must not follow."""
    entries = sorted({entry.partition("!")[::2] for table in tables for entry in table.split()})
    entries.sort(key=lambda entry: -len(entry[0]))
    return "|".join(_entry(word, "" if bare else after) for word, after in entries)


def _entry(word: str, after: str) -> str:
    barred = [after if "|" in after else f"[{after}]"] if after else []
    barred += ["[A-Za-z0-9]"] if word.isascii() else []
    return re.escape(word) + (f"(?!{'|'.join(barred)})" if barred else "")


CLEAR, LOOSE = _words(_CLEAR), _words(_LOOSE)
PHYSICAL = _words(_PHYSICAL)
LARGE = _words(_LARGE) - CLEAR - LOOSE
MEASURES = _pattern(_PHYSICAL, _CLEAR, _LOOSE, _LARGE)
PLAIN = _pattern(_PHYSICAL, _CLEAR, _LOOSE, bare=True)
