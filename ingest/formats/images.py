"""Scanned pages and other pictures of text, read by character recognition.

The recogniser is RapidOCR with the models of its own package; nothing is fetched from elsewhere.
It is an extra: `pip install 'wence[ocr]'`.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps, ImageSequence

from errors import UnreadableFile
from ingest.document import Source
from ingest.glyphs import Glyph, lines
from ingest.pages import compose
from ingest.printed import Box, Cell, Line, Page, TableBlock
from ingest.ruled import Rule, tables
