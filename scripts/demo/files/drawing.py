"""How the demonstration papers are drawn: pages, seals, annotated copies, scans, plans, a recording."""
import math
import struct
import subprocess
import tempfile
import wave
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
FONTS = Path("/usr/share/fonts/truetype")
SONG = FONTS / "arphic-gbsn00lp/gbsn00lp.ttf"
KAI = FONTS / "arphic-gkai00mp/gkai00mp.ttf"


def register(name, file):
    """Without its hints a font is a third of the size; the PDF embeds only the glyphs that a page shows."""
    options = Options()
    options.hinting = False
    options.glyph_names = False
    font = load_font(file, options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap().keys())
    subsetter.subset(font)
    with tempfile.NamedTemporaryFile(suffix=".ttf") as plain:
        save_font(font, plain.name, options)
        pdfmetrics.registerFont(TTFont(name, plain.name))


register("Song", SONG)
register("Kai", KAI)
RED = HexColor("#c8161d")
INK = HexColor("#1f2a37")
PALE = HexColor("#e3e6ea")


def star(canvas, x, y, radius):
    path = canvas.beginPath()
    for step in range(10):
        reach = radius if step % 2 == 0 else radius * 0.382
        angle = math.pi / 2 + step * math.pi / 5
        point = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        (path.moveTo if step == 0 else path.lineTo)(*point)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def seal(canvas, x, y, text):
    """A round red seal with the text along its rim."""
    canvas.saveState()
    canvas.setStrokeColor(RED)
    canvas.setFillColor(RED)
    canvas.setLineWidth(2)
    canvas.circle(x, y, 46)
    star(canvas, x, y, 15)
    span = math.radians(min(260, 24 * len(text)))
    for index, character in enumerate(text):
        angle = math.pi / 2 + span / 2 - span * (index + 0.5) / len(text)
        canvas.saveState()
        canvas.translate(x + 36 * math.cos(angle), y + 36 * math.sin(angle))
        canvas.rotate(math.degrees(angle) - 90)
        canvas.setFont("Song", 10)
        canvas.drawCentredString(0, -4, character)
        canvas.restoreState()
    canvas.setFont("Song", 8)
    canvas.drawCentredString(x, y - 30, "演示专用章")
    canvas.restoreState()


def specimen(canvas, width, height):
    canvas.saveState()
    canvas.setFillColor(PALE)
    canvas.setFont("Song", 54)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(28)
    canvas.drawCentredString(0, -18, "演示样张 SPECIMEN")
    canvas.restoreState()


def document(name, title, english, rows, closing, sealed, size=A4):
    """One page: title, rows of (label, value), closing line and, where there is one, the issuer's seal."""
    width, height = size
    canvas = Canvas(str(HERE / name), pagesize=size, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor("Demonstration records, Yangtze River Delta trust ledger")
    specimen(canvas, width, height)
    canvas.setStrokeColor(RED if sealed else INK)
    canvas.setLineWidth(2)
    canvas.rect(36, 36, width - 72, height - 72)
    canvas.setLineWidth(0.5)
    canvas.rect(42, 42, width - 84, height - 84)
    canvas.setFillColor(RED if sealed else INK)
    canvas.setFont("Song", 26)
    canvas.drawCentredString(width / 2, height - 96, title)
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica", 10)
    canvas.drawCentredString(width / 2, height - 114, english)
    top = height - 156
    for label, value in rows:
        canvas.setFont("Song", 11)
        canvas.drawString(66, top, label)
        canvas.setFont("Kai", 12)
        for line in value.split("\n"):
            canvas.drawString(186, top, line)
            top -= 19
        top -= 7
    canvas.setFont("Song", 11)
    canvas.drawRightString(width - 66, 92, closing)
    if sealed:
        seal(canvas, width - 130, 120, sealed)
    canvas.save()


def annotated(name, original, lines):
    """加注件: the original's page with a note of its use laid over it, so that its bytes differ."""
    layer = HERE / "layer.pdf"
    writer = PdfWriter(clone_from=HERE / original)
    page = writer.pages[0]
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    canvas = Canvas(str(layer), pagesize=(width, height), invariant=1)
    canvas.setStrokeColor(HexColor("#1d4ed8"))
    canvas.setFillColor(HexColor("#1d4ed8"))
    canvas.rect(60, 50, 260, 20 + 15 * len(lines))
    canvas.setFont("Song", 10)
    for index, line in enumerate(lines):
        canvas.drawString(70, 50 + 15 * (len(lines) - index), line)
    canvas.save()
    page.merge_page(PdfReader(layer).pages[0])
    writer.add_metadata({"/Title": "加注件 " + original})
    writer.compress_identical_objects()
    writer.write(HERE / name)
    layer.unlink()


def scan(name, pdf, angle):
    """A paper as a counter's scanner gives it: grey, slightly turned, a little noise."""
    page = HERE / "page"
    subprocess.run(["pdftoppm", "-r", "72", "-gray", "-png", "-singlefile", HERE / pdf, page], check=True)
    command = ["convert", "-seed", "7", f"{page}.png", "-background", "#f4f2ec", "-rotate", str(angle)]
    command += ["-attenuate", "0.15", "+noise", "Gaussian", "-strip", "-quality", "42", HERE / name]
    subprocess.run(command, check=True)
    Path(f"{page}.png").unlink()
    (HERE / pdf).unlink()


def site_plan(name, rooms, note):
    """Floor plan 经营场所平面图 as a PNG of few colours."""
    image = Image.new("RGB", (760, 520), "white")
    draw = ImageDraw.Draw(image)
    font, small = ImageFont.truetype(str(SONG), 20), ImageFont.truetype(str(SONG), 15)
    draw.rectangle((40, 60, 720, 450), outline="black", width=4)
    draw.text((40, 22), "经营场所平面图（演示样张）", fill="black", font=font)
    for label, box, colour in rooms:
        draw.rectangle(box, outline="black", fill=colour, width=2)
        draw.text((box[0] + 10, box[1] + 10), label, fill="black", font=font)
    draw.text((40, 466), note, fill="#c8161d", font=small)
    image.quantize(16).save(HERE / name, optimize=True)


def recording(name):
    """A short tone: stands for the recording of a remote session, and is a real WAV file."""
    with wave.open(str(HERE / name), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        tones = (128 + int(60 * math.sin(2 * math.pi * (330 + 110 * (n // 4000)) * n / 8000)) for n in range(16000))
        out.writeframes(b"".join(struct.pack("B", tone) for tone in tones))
