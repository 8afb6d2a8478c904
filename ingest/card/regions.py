"""The region that the name of a unit, or a title, begins with: 上海市徐汇区, 贵州省, 闵行区."""

from __future__ import annotations

import re

from ingest.card.compact import squeeze

_HAN = r"[\u4e00-\u9fff]"
_PROVINCE = "(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区"  # longer than 2 or 3
_REGION = re.compile(
    rf"(?:\d{{4}}年,?)?(?:中共)?(?P<region>(?:{_PROVINCE}|{_HAN}{{2,3}}?省)?"
    rf"(?:{_HAN}{{2,8}}?(?:自治州|市))?(?:{_HAN}{{2,8}}?(?:自治县|新区|[市区县旗]))?)"
)
_NONE = re.compile(
    r"国家|直辖|国务|中国|全国|中央|最高|人民|关于|加强|推进|推动|促进|管理|办法|各省|有关|[的和与及对在为]"
    r"|[超都城夜门股上入]市|[小社园校片灾库禁景地牧老辖街厂]区"
    r"|^[深高贫石主老旧全各本][城山林港矿农]区|(?:^|[省市州])[^省市州]{2,}[城山林港矿农]区"
    r"|(?:示范|试验|开发|合作|保护|保税|功能)区"
)


def region_of(name: str) -> str | None:
    """The region that words begin with, as printed; None where they begin with none.

    >>> region_of("闵行区人民政府"), region_of("2026年上海市徐汇区行动方案"), region_of("国家市场监管总局")
    ('闵行区', '上海市徐汇区', None)
    """
    plain = squeeze(name)
    end = len(plain)
    while found := _REGION.match(plain, 0, end):
        region, end = found["region"], found.end("region") - 1
        if not region:
            return None
        if not _NONE.search(region) and not plain.startswith("场", end + 1):
            return region
    return None
