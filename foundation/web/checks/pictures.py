"""Photographs and scans: opened once, so that what is kept can be shown later."""

import warnings
from io import BytesIO

from PIL import Image

from foundation.web.checks.refused import Refused

MOST_PIXELS = 60_000_000  # an A3 page scanned at 400 dpi, a 48 megapixel telephone
LONGEST_SIDE = 20_000
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
REMEDY = "请重新拍照或扫描后再传"


def check(suffix: str, data: bytes) -> None:
    """Refused where it is no such picture, or one that would fill the memory of whoever opens it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a large picture is judged below, by our own measure
            with Image.open(BytesIO(data), formats=[FORMATS[suffix]]) as picture:
                wide, high = picture.size
                if wide * high > MOST_PIXELS or max(wide, high) > LONGEST_SIDE:
                    raise Refused("图片尺寸太大", "请用较低的清晰度重新拍照或扫描")
                if getattr(picture, "n_frames", 1) > 1 and suffix == ".png":
                    raise Refused("是动画图片", REMEDY)
                picture.verify()
            with Image.open(BytesIO(data), formats=[FORMATS[suffix]]) as picture:
                picture.draft("RGB", (wide // 8, high // 8))  # a JPEG is decoded small: cheap and enough
                if suffix != ".png":
                    picture.load()
    except Refused:
        raise
    except Exception:  # a broken picture raises whatever it likes, from IndexError to struct.error
        raise Refused("图片损坏，打不开", REMEDY) from None
