"""Evidence files made by code: honest ones, and hostile ones with what must become of each.

Nothing here is anybody's: pictures are gradients.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, PngImagePlugin

SECRET = b"51.1694N-71.4491E SECRET-PLACE"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
REFUSALS = frozenset(
    {
        "file_empty", "file_too_large", "file_not_taken", "file_heic", "file_old_office",
        "file_damaged", "file_too_many_pixels", "file_too_heavy", "file_locked", "file_active",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A file, and what must become of it.

    Attributes
    ----------
    outcome : frozenset of str
        Ids of refusals, one of which must be given; ``""`` among them where it may be taken.
    """

    name: str
    data: bytes
    outcome: frozenset[str]


def gradient(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Return a picture of nobody."""
    plain = Image.linear_gradient("L").resize((width, height))
    return plain.convert(mode)


def packed(image: Image.Image, format: str, **more: object) -> bytes:
    target = io.BytesIO()
    image.save(target, format, **more)
    return target.getvalue()


def jpeg(**more: object) -> bytes:
    return packed(gradient(), "JPEG", **more)


def png(**more: object) -> bytes:
    return packed(gradient(), "PNG", **more)


def webp(**more: object) -> bytes:
    return packed(gradient(), "WEBP", **more)


def exif(orientation: int = 6) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = SECRET.decode()
    tags[0x9286] = SECRET.decode()
    return tags.tobytes()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(width: int, height: int, rows: int = 1) -> bytes:
    """Return a PNG that claims to be large and holds a few rows."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * min(rows * (width * 3 + 1), 20_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zipped(members: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compress_type=kind)
    return target.getvalue()


CONTENT_TYPES = (
    b'<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
XLSX_TYPES = (
    b'<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
DOCX = {
    "[Content_Types].xml": CONTENT_TYPES,
    "_rels/.rels": b"<Relationships/>",
    "word/document.xml": b"<w:document>Plan</w:document>",
}
XLSX = {
    "[Content_Types].xml": XLSX_TYPES,
    "xl/workbook.xml": b"<workbook/>",
    "xl/printerSettings/printerSettings1.bin": b"\0\1",
}
ODT = {
    "mimetype": b"application/vnd.oasis.opendocument.text",
    "content.xml": b"<office:document-content/>",
    "META-INF/manifest.xml": b"<manifest/>",
    "Thumbnails/thumbnail.png": b"",
    "Configurations2/": b"",
}


def docx(**more: bytes) -> bytes:
    return zipped(DOCX | {name.replace("__", "/"): data for name, data in more.items()})


def odt(**more: bytes) -> bytes:
    members = ODT | {name.replace("__", "/"): data for name, data in more.items()}
    return zipped(members, stored=("mimetype",))


def pdf(*objects: bytes, pages: int = 1, box: str = "0 0 200 300") -> bytes:
    """Return a PDF of empty pages, with further objects and entries of its catalogue."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R " + b" ".join(objects) + b" >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        *[f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] >>".encode() for _ in range(pages)],
    ]
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    data += (
        f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(data)


HONEST = {
    "jpeg": jpeg, "png": png, "webp": webp, "pdf": pdf, "docx": docx,
    "xlsx": lambda: zipped(XLSX), "odt": odt,
}  # fmt: skip
BEFORE = {"html": HTML, "svg": SVG, "shell": b"#!/bin/sh\nid\n", "blank": b"   ", "zip": b"PK\5\6"}
BEHIND = {
    "html": HTML,
    "zip": zipped({"a.html": HTML}),
    "php": b"<?php system($_GET[0]); ?>",
    "megabyte": b"\0" * 1_000_000,
    "pdf": pdf(),
    "exe": b"MZ\x90\0" + b"\0" * 60,
}
#: Files of other kinds, whatever they are called.
OTHERS = {
    "svg": SVG,
    "svg with a declaration": b'<?xml version="1.0"?>' + SVG,
    "svg with entities": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
    "svgz": zlib.compress(SVG),
    "html": HTML,
    "html in UTF-16": HTML.decode().encode("utf-16"),
    "html with a mark": b"\xef\xbb\xbf" + HTML,
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    "xml": b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>',
    "mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + HTML,
    "javascript": b"alert(1)//",
    "css": b"@import 'x';",
    "text": "Жоспар".encode(),
    "csv": b"=cmd|'/c calc'!A1,1\n",
    "json": b'{"a": 1}',
    "rtf": b"{\\rtf1 \\object}",
    "eml": b"From: a@b\r\n\r\nx",
    "gif": b"GIF89a" + b"\1\0\1\0\0\0\0;",
    "gif with a script": b"GIF89a/*" + b"\0" * 8 + b"*/=1;alert(1)",
    "bmp": b"BM" + b"\0" * 60,
    "ico": b"\0\0\1\0\1\0" + b"\0" * 40,
    "tiff le": b"II*\0" + b"\0" * 40,
    "tiff be": b"MM\0*" + b"\0" * 40,
    "psd": b"8BPS\0\1" + b"\0" * 40,
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "jpeg xl": b"\xff\x0a" + b"\0" * 40,
    "avif": b"\0\0\0\x1cftypavif" + b"\0" * 40,
    "postscript": b"%!PS-Adobe-3.0\n(x) run",
    "eps": b"\xc5\xd0\xd3\xc6" + b"\0" * 40,
    "exe": b"MZ\x90\0" + b"\0" * 60,
    "elf": b"\x7fELF\2\1\1" + b"\0" * 60,
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "python": b"import os\n",
    "php": b"<?php system($_GET[0]); ?>",
    "jar without a zip": b"\xca\xfe\xba\xbe" + b"\0" * 60,
    "wasm": b"\0asm\1\0\0\0",
    "mp4": b"\0\0\0\x18ftypmp42" + b"\0" * 40,
    "mov": b"\0\0\0\x14ftypqt  " + b"\0" * 40,
    "webm": b"\x1aE\xdf\xa3" + b"\0" * 40,
    "mp3": b"ID3\4\0" + b"\0" * 40,
    "ogg": b"OggS\0\2" + b"\0" * 40,
    "wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "avi": b"RIFF\x24\0\0\0AVI LIST",
    "gzip": b"\x1f\x8b\x08" + b"\0" * 40,
    "gzip bomb": zlib.compress(b"\0" * 5_000_000),
    "bzip2": b"BZh91AY&SY" + b"\0" * 40,
    "xz": b"\xfd7zXZ\0" + b"\0" * 40,
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 40,
    "rar": b"Rar!\x1a\x07\0" + b"\0" * 40,
    "tar": b"a" * 257 + b"ustar\0" + b"\0" * 300,
    "zip, empty": b"PK\5\6" + b"\0" * 18,
    "sqlite": b"SQLite format 3\0" + b"\0" * 80,
    "font": b"\0\1\0\0\0\x0f" + b"\0" * 40,
    "woff2": b"wOF2" + b"\0" * 40,
    "nothing but zeroes": b"\0" * 4096,
    "lnk": b"L\0\0\0\1\x14\2\0" + b"\0" * 60,
    "bplist": b"bplist00" + b"\0" * 40,
    "java": b"\xac\xed\0\5",
    "pickle": b"\x80\4\x95cos\nsystem\n",
    "one byte": b"\xff",
    "two bytes of a picture": b"\xff\xd8",
}


def one_of(*ids: str) -> frozenset[str]:
    return frozenset(ids)


ANY = REFUSALS | {""}
BAD = one_of("file_damaged")


def hostile() -> Iterator[Hostile]:
    """Yield every hostile file; the same ones each time."""
    yield Hostile("empty", b"", one_of("file_empty"))
    for name, data in OTHERS.items():
        yield Hostile(f"other: {name}", data, one_of("file_not_taken"))
    for brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        data = b"\0\0\0\x1cftyp" + brand + b"\0" * 40
        yield Hostile(f"heic: {brand.decode()}", data, one_of("file_heic"))
    yield Hostile("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
                  one_of("file_old_office"))  # fmt: skip
    yield from _prefixed()
    yield from _pictures()
    yield from _zips()
    yield from _pdfs()
    yield from _cut()
    yield from _shuffled()


def _prefixed() -> Iterator[Hostile]:
    for kind, make in HONEST.items():
        for name, data in BEFORE.items():
            yield Hostile(f"{kind} behind {name}", data + make(), one_of("file_not_taken"))
        for name, data in BEHIND.items():
            may = ANY if kind in {"jpeg", "png", "webp", "pdf"} else BAD
            yield Hostile(f"{kind} before {name}", make() + data, may)


def _pictures() -> Iterator[Hostile]:
    for value in range(10):
        yield Hostile(f"exif {value}", jpeg(exif=exif(value)), one_of(""))
    rng = random.Random(31)
    for number in range(12):
        noise = b"Exif\0\0" + rng.randbytes(rng.randrange(2, 400))
        yield Hostile(f"broken exif {number}", jpeg(exif=noise), one_of("", "file_damaged"))
    loop = b"Exif\0\0II*\0\x08\0\0\0\1\0\x69\x87\4\0\1\0\0\0\x08\0\0\0\0\0\0\0"
    yield Hostile("exif that points at itself", jpeg(exif=loop), one_of(""))
    yield Hostile("exif of a png", png(exif=exif(3)), one_of(""))
    yield Hostile("exif of a webp", webp(exif=exif(3)), one_of(""))
    yield Hostile("comment", jpeg(comment=SECRET + HTML), one_of(""))
    yield Hostile("xmp", webp(xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"), one_of(""))
    yield Hostile("broken profile", jpeg(icc_profile=SECRET * 40), one_of(""))
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    yield Hostile("texts", png(pnginfo=texts), one_of(""))
    bomb = png()[:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 30_000_000))
    yield Hostile("text bomb", bomb + png()[33:], one_of("", "file_damaged"))
    profile = png()[:33] + chunk(b"iCCP", b"a\0\0" + zlib.compress(b"\0" * 30_000_000))
    yield Hostile("profile bomb", profile + png()[33:], one_of("", "file_damaged"))
    for width, height in ((30_000, 30_000), (100_000, 1_000), (65_535, 65_535), (1, 2**31 - 1)):
        yield Hostile(f"png of {width} x {height}", huge_png(width, height),
                      one_of("file_too_many_pixels", "file_damaged"))  # fmt: skip
    yield Hostile("png that claims and does not hold", huge_png(5_000, 5_000), ANY)
    yield Hostile("png without pixels", huge_png(0, 0), BAD)
    wide = bytearray(jpeg())
    at = wide.index(b"\xff\xc0") + 5
    wide[at : at + 4] = b"\xff\xff\xff\xff"
    yield Hostile("jpeg of 65535 x 65535", bytes(wide), one_of("file_too_many_pixels"))
    for mode in ("1", "P", "LA", "RGBA", "I;16"):
        image = gradient().convert("RGBA").quantize(8) if mode == "P" else gradient(mode="L")
        if mode != "P":
            image = image.convert(mode)
        yield Hostile(f"png in {mode}", packed(image, "PNG"), one_of(""))
    yield Hostile("jpeg in CMYK", packed(gradient(mode="CMYK"), "JPEG"), one_of(""))
    moving = [gradient(), gradient().rotate(90)]
    for format in ("PNG", "WEBP"):
        more = {"save_all": True, "append_images": moving[1:]}
        yield Hostile(f"moving {format}", packed(moving[0], format, **more), one_of(""))
    for format in ("JPEG", "PNG", "WEBP"):
        renamed = packed(gradient(), format)
        for start in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"%PDF-1.7\n"):
            if not renamed.startswith(start[:3]):
                yield Hostile(f"{format} that begins as {start[:4]!r}", start + renamed, BAD)


def _zips() -> Iterator[Hostile]:
    active, heavy = one_of("file_active"), one_of("file_too_heavy")
    yield Hostile("zip of anything", zipped({"a.txt": b"x"}), one_of("file_not_taken"))
    bomb = DOCX | {"word/a.xml": b"\0" * 70_000_000}
    yield Hostile("bomb in a docx", zipped(bomb), heavy)
    yield Hostile("a rels bomb", zipped(DOCX | {"word/_rels/a.rels": b" " * 3_000_000}), heavy)
    many = DOCX | {f"word/{number}.xml": b"" for number in range(2001)}
    yield Hostile("thousands of members", zipped(many), heavy)
    liar = bytearray(zipped(DOCX | {"word/a.xml": b"\0" * 100_000}))
    at = liar.rindex(b"PK\1\2")
    liar[at + 24 : at + 28] = struct.pack("<I", 10)
    yield Hostile("a member larger than it claims", bytes(liar), BAD)
    for name in ("../a.xml", "/a.xml", "a/../../b.xml", "C:/a.xml", "a\\b.xml", "a\nb.xml"):
        yield Hostile(f"a member called {name!r}", zipped(DOCX | {name: b""}),
                      BAD | active)  # fmt: skip
    for name in ("word/vbaProject.bin", "word/a.exe", "word/a.js", "a.html",
                 "word/embeddings/o.bin", "customUI/a.dll", "word/a.docm", "inner.zip", "a.lnk",
                 "word/activeX/x.bin",
                 "xl/macrosheets/a.xlsm"):  # fmt: skip
        yield Hostile(f"a member {name}", zipped(DOCX | {name: b"x"}), active)
    macro = DOCX | {"[Content_Types].xml": CONTENT_TYPES.replace(b"document.main", b"macroEnabled")}
    yield Hostile("a docm", zipped(macro), active)
    for kind in ("attachedTemplate", "oleObject", "frame", "subDocument", "control"):
        rels = (
            b'<Relationship Type="http://x/relationships/%b" Target="http://a/b"/>' % kind.encode()
        )
        yield Hostile(f"a relationship {kind}", zipped(DOCX | {"word/_rels/d.rels": rels}), active)
    twice = zipped(DOCX)[: zipped(DOCX).rindex(b"PK\5\6")]
    yield Hostile("a directory that is cut", twice, BAD)
    yield Hostile("names twice", zipped(DOCX | {"WORD/DOCUMENT.XML": b""}), BAD)
    locked = bytearray(docx())
    at = locked.rindex(b"PK\1\2")
    locked[at + 8] |= 1
    yield Hostile("a locked member", bytes(locked), one_of("file_locked"))
    for name in ("Basic/Standard/Module1.xml", "Scripts/python/a.py"):
        yield Hostile(f"an odt with {name}", odt(**{name: b"x"}), active)
    manifest = {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    yield Hostile("a locked odt", zipped(ODT | manifest, stored=("mimetype",)),
                  one_of("file_locked"))  # fmt: skip
    sheet = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}
    yield Hostile("an ods", zipped(ODT | sheet, stored=("mimetype",)), one_of("file_not_taken"))
    strange = bytearray(docx())
    at = strange.rindex(b"PK\1\2")
    strange[at + 10 : at + 12] = b"\x0e\0"
    yield Hostile("a member packed strangely", bytes(strange), BAD)


def _pdfs() -> Iterator[Hostile]:
    active = one_of("file_active")
    for name, entry in {
        "javascript": b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        "javascript, escaped": b"/OpenAction << /S /J#61vaScript /J#53 (x) >>",
        "launch": b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        "a file inside": b"/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec >>] >> >>",
        "a form that is sent": b"/OpenAction << /S /SubmitForm /F (http://a) >>",
        "xfa": b"/AcroForm << /XFA (x) >>",
        "rich media": b"/A << /Subtype /RichMedia >>",
        "another document": b"/OpenAction << /S /GoToR /F (a.pdf) >>",
    }.items():
        yield Hostile(f"pdf with {name}", pdf(entry), active)
    inner = zlib.compress(b"<< /S /JavaScript /JS (app.alert) >>")
    stream = b"/X 1 >>\nendobj\n9 0 obj\n<< /Type /ObjStm /Length %d >>\nstream\n" % len(inner)
    yield Hostile(
        "pdf with packed javascript", pdf(stream + inner + b"\nendstream\nendobj\n<<"), active
    )
    bomb = zlib.compress(b"\0" * 60_000_000)
    piece = b"/X 1 >>\nendobj\n9 0 obj\n<< /Type /ObjStm >>\nstream\n" + bomb + b"\nendstream\n<<"
    yield Hostile("pdf with packed bombs", pdf(*[piece] * 8), one_of("file_too_heavy"))
    yield Hostile("pdf without pages", pdf(pages=0), BAD)
    yield Hostile("pdf of 501 pages", pdf(pages=501), one_of("file_too_heavy"))
    yield Hostile("pdf with a page as wide as a street", pdf(box="0 0 14400000 1"), ANY)
    yield Hostile("pdf with a page of nothing", pdf(box="0 0 0 0"), ANY)
    yield Hostile("pdf that is one line", b"%PDF-1.7\n" + HTML, BAD)
    yield Hostile("pdf whose pages are their own parents",
                  pdf().replace(b"[3 0 R]", b"[2 0 R]"), ANY)  # fmt: skip
    locked = pdf().replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P 0"
        b" /O (" + b"a" * 32 + b") /U (" + b"b" * 32 + b") >> /ID [(a) (b)]",
    )
    yield Hostile("pdf with a password", locked, one_of("file_locked", "file_damaged"))


def _cut() -> Iterator[Hostile]:
    """Yield the beginnings of honest files."""
    for kind, make in HONEST.items():
        data = make()
        for part in (0.3, 0.6, 0.9):
            may = BAD | ({""} if kind == "pdf" else set()) | {"file_not_taken"}
            yield Hostile(f"{kind}, cut at {part}", data[: int(len(data) * part)], may)


def _shuffled() -> Iterator[Hostile]:
    """Yield honest files with bytes and blocks in other places."""
    rng = random.Random(9)
    for kind, make in HONEST.items():
        data = make()
        for number in range(4):
            broken = bytearray(data)
            for _ in range(1 + number * 4):
                broken[rng.randrange(16, len(broken))] = rng.randrange(256)
            yield Hostile(f"{kind}, bytes changed {number}", bytes(broken), ANY)
        middle = len(data) // 2
        swapped = data[:16] + data[middle:] + data[16:middle]
        yield Hostile(f"{kind}, halves swapped", swapped, ANY)
