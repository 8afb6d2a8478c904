"""Pictures of text: whatever they are stored as, the lines, tables and places come back."""

import io
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ofd_files import Ofd, picture, text
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from errors import UnreadableFile
from ingest.document import ResidueKind, Source, settle
from ingest.formats import images, ofd
from ingest.layout.printed import Line

NEEDED = pytest.mark.skipif(
    not images.is_available(), reason="character recognition is an extra: pip install 'wence[ocr]'"
)
LINES = ("一、总体要求", "1.推进虹桥商务区保税物流中心（B型）建设。")
TABLE = (
    ("序号", "重点任务", "牵头单位", "时限"),
    ("1", "推进国际贸易“单一窗口”建设", "区商务委", "年内"),
    ("12", "新增就业岗位3.5万个", "区人力资源社会保障局", "长期"),
)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    found = subprocess.run(
        ["fc-match", "-f", "%{file}|%{index}|%{lang}", "serif:lang=zh-cn"],
        capture_output=True,
        text=True,
    )
    file, index, languages = found.stdout.split("|", 2)
    if "zh-cn" not in languages.split("|"):
        pytest.skip("no Chinese font is installed")
    return ImageFont.truetype(file, size, int(index))


def paper(
    lines: tuple[str, ...] = LINES, size: int = 32, wide: int = 900, high: int = 0
) -> Image.Image:
    image = Image.new("RGB", (wide, high or size * 2 * (len(lines) + 1)), "white")
    for at, line in enumerate(lines):
        ImageDraw.Draw(image).text((size, size * (1 + 2 * at)), line, "black", font(size))
    return image


def table(size: int = 26) -> Image.Image:
    image = Image.new("RGB", (1200, 320), "white")
    draw = ImageDraw.Draw(image)
    xs, ys = (60, 140, 600, 950, 1100), (60, 120, 180, 240)
    for y, row in zip(ys, TABLE, strict=False):
        for x, cell in zip(xs, row, strict=False):
            draw.text((x + 10, y + 14), cell, "black", font(size))
    for y in ys:
        draw.line((xs[0], y, xs[-1], y), "black", 2)
    for x in xs:
        draw.line((x, ys[0], x, ys[-1]), "black", 2)
    return image


def stored(image: Image.Image, form: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, form, **options)
    return data.getvalue()


def plain(source: Source) -> list[str]:
    return source.text.translate(str.maketrans("(),", "（），")).splitlines()


def as_transparent() -> bytes:
    grey = paper().convert("L")
    image = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    image.putalpha(ImageChops.invert(grey))
    return stored(image, "PNG")


def as_held_sideways() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise to be seen upright
    return stored(paper().transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=90)


WAYS = {
    "png": lambda: stored(paper(), "PNG"),
    "transparent png": as_transparent,
    "16 bit png": lambda: stored(paper().convert("I;16"), "PNG"),
    "palette gif": lambda: stored(paper().convert("P"), "GIF"),
    "held sideways": as_held_sideways,
    "cmyk jpg": lambda: stored(paper().convert("CMYK"), "JPEG", quality=90),
    "1 bit tiff": lambda: stored(paper(size=40, wide=1100).convert("1"), "TIFF"),
    "bmp": lambda: stored(paper(), "BMP"),
    "webp": lambda: stored(paper(), "WEBP"),
    "on its side": lambda: stored(paper().transpose(Image.Transpose.ROTATE_90), "PNG"),
    "upside down": lambda: stored(paper().transpose(Image.Transpose.ROTATE_180), "PNG"),
    "skewed": lambda: stored(paper().rotate(2, fillcolor="white", expand=True), "PNG"),
}


@NEEDED
@pytest.mark.parametrize("way", WAYS)
def test_every_kind_of_picture_gives_the_lines(way: str) -> None:
    source = images.read(WAYS[way](), "a.png")
    assert plain(source) == list(LINES)
    assert source.pages == (0,)
    assert [source.text[one.start : one.end] for one in source.confidences] == [
        *source.text.splitlines()
    ]
    assert min(one.score for one in source.confidences) > 0.8


@NEEDED
def test_the_pages_of_a_tiff_and_their_numbers() -> None:
    pages = [paper((*LINES, "", "", f"— {number} —")) for number in (1, 2)]
    data = stored(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    source = images.read(data, "a.tif")
    assert len(source.pages) == 2
    found = settle(source)
    numbers = [one for one in found.residue if one.kind is ResidueKind.PAGE_NUMBER]
    assert [one.text.strip(" —-\n") for one in numbers] == ["1", "2"]


@NEEDED
@pytest.mark.parametrize("turned", [0.0, 0.8])
def test_a_ruled_table(turned: float) -> None:
    image = table().rotate(turned, Image.Resampling.BICUBIC, fillcolor="white")
    source = images.read(stored(image.filter(ImageFilter.GaussianBlur(0.7)), "PNG"), "a.png")
    [found] = source.tables
    read = [[source.text[slice(*cell)] for cell in row.cells] for row in found.rows]
    assert read == [list(row) for row in TABLE]


@NEEDED
def test_the_text_under_a_red_seal() -> None:
    image = paper(("某某市某某区人民政府办公室", "2024年11月1日"), wide=600)
    seal = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(seal)
    draw.ellipse((220, 5, 400, 185), outline=(215, 30, 30), width=7)
    draw.text((275, 70), "★", (215, 30, 30), font(60))
    source = images.read(stored(ImageChops.multiply(image, seal), "PNG"), "a.png")
    assert plain(source) == ["某某市某某区人民政府办公室", "2024年11月1日"]


@NEEDED
def test_red_letters_of_a_head_are_read() -> None:
    image = Image.new("RGB", (1000, 300), "white")
    ImageDraw.Draw(image).text((60, 60), "某某市人民政府文件", (215, 30, 30), font(96))
    assert images.read(stored(image, "PNG"), "a.png").text == "某某市人民政府文件\n"


@NEEDED
def test_a_very_tall_picture_is_read_in_parts() -> None:
    lines = tuple(f"{number}.各部门应当及时办理。" for number in range(1, 41))
    assert plain(images.read(stored(paper(lines, wide=480), "PNG"), "a.png")) == list(lines)


@NEEDED
def test_doubtful_lines_are_told() -> None:
    blurred = paper(("龘靐齉爩鱻麤", *LINES)).filter(ImageFilter.GaussianBlur(3))
    [note] = images.read(stored(blurred, "PNG"), "a.png").notes
    assert note.message.startswith("第1页“")
    assert note.message.endswith("，请核对")


@NEEDED
def test_lines_of_a_page_in_its_pixels() -> None:
    first, second = images.lines_of(paper())
    assert isinstance(first, Line)
    assert (first.text, round(first.x0, -1), round(first.top, -1)) == (LINES[0], 30, 40)
    assert second.top > first.bottom


@NEEDED
def test_a_picture_without_text_is_told() -> None:
    for image in (Image.new("RGB", (800, 600), "white"), Image.radial_gradient("L")):
        with pytest.raises(UnreadableFile, match="没有认出文字"):
            images.read(stored(image, "PNG"), "a.png")


@NEEDED
def test_a_scanned_page_of_an_ofd_file() -> None:
    upper, lower = (paper((line,), high=600) for line in LINES)  # some scanners store strips
    strips = picture(3, 0, 0, 210, 140) + picture(4, 0, 140, 210, 140)
    page = strips + text(100, 290, "— 1 —", size=4)
    pictures = {3: stored(upper, "PNG"), 4: stored(lower, "PNG")}
    source = ofd.read(Ofd([page], pictures=pictures).data(), "a.ofd")
    assert plain(source) == [*LINES, "— 1 —"]
    assert len(source.confidences) == 2


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_a_picture_cut_short_is_told(form: str) -> None:
    data = stored(Image.effect_noise((80, 80), 90), form)
    for end in (0, 4, 20, len(data) // 2):
        with pytest.raises(UnreadableFile, match=r"^a\.png："):
            list(images.pictures(data[:end], "a.png"))


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"]))
def test_damaged_bytes_are_read_or_refused(data: st.DataObject, form: str) -> None:
    damaged = bytearray(stored(Image.linear_gradient("L").resize((16, 16)), form))
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=6)):
        damaged[at] = data.draw(st.integers(0, 255))
    with suppress(UnreadableFile):
        list(images.pictures(bytes(damaged), "a.png"))


def test_a_bomb_is_refused() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    for side in (12_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        data = (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", header)
            + chunk(b"IDAT", b"")
            + chunk(b"IEND", b"")
        )
        with pytest.raises(UnreadableFile, match=r"像素|已损坏"):
            list(images.pictures(data, "a.png"))


def test_recognition_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)  # as where it is not installed
    with pytest.raises(UnreadableFile, match=r"^a\.png：.*pip install 'wence\[ocr\]'"):
        images.read(stored(Image.new("L", (9, 9)), "PNG"), "a.png")
    with pytest.raises(UnreadableFile, match="pip install"):
        images.lines_of(Image.new("L", (9, 9)))
