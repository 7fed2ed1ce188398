"""The README's pictures: sheets of the built workbook as LibreOffice prints them, one PNG a sheet.

Usage: python benchmarks/readme_pictures.py; needs soffice, pdftotext and pdftoppm.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

OUTPUT = Path(__file__).resolve().parent.parent / "output"
DPI, WIDTH, MARGIN = 130, 1400, 12
# Which page of which sheet; the sheet's name stands in the footer.
SHEETS = {
    "scenarios": {"Summary": "summary", "Gates": "gates", "Trade-off": "tradeoff", "Back-test": "backtest"},
    "scenarios.zh": {"摘要": "summary.zh"},
}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for book, wanted in SHEETS.items():
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
            subprocess.run([*command, OUTPUT / f"{book}.xlsx"], check=True, capture_output=True)
            pages = sheets_of(folder / f"{book}.pdf")
            for sheet, picture in wanted.items():
                page = 1 + pages.index(sheet)
                draw(folder / f"{book}.pdf", page, OUTPUT / "pictures" / f"sheet_{picture}.png")


def sheets_of(path: Path) -> list[str]:
    """The sheet of every page: what stands in the middle of its footer."""
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    footers = [page.strip().rpartition("\n")[2] for page in text.split("\f") if page.strip()]
    return [[*re.split(r"\s{2,}", footer), ""][1] for footer in footers]


def draw(path: Path, page: int, picture: Path) -> None:
    """One page as a PNG without its white margins."""
    stem = path.parent / "page"
    subprocess.run(
        ["pdftoppm", "-r", f"{DPI}", "-f", f"{page}", "-l", f"{page}", "-singlefile", "-png", path, stem], check=True
    )
    image = Image.open(stem.with_suffix(".png")).convert("RGB")
    image = image.crop((0, 0, image.width, round(image.height * 0.955)))  # without the footer
    left, top, right, bottom = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    box = (
        max(left - MARGIN, 0),
        max(top - MARGIN, 0),
        min(right + MARGIN, image.width),
        min(bottom + MARGIN, image.height),
    )
    image = image.crop(box)
    if image.width > WIDTH:
        image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    picture.parent.mkdir(exist_ok=True)
    image.quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    main()
