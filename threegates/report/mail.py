"""The draft of a mail: the short summary as HTML and as plain text, the workbook attached. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP

import jinja2
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from threegates.definition.wording import PHRASES
from threegates.engine.evaluate import Results
from threegates.report.summary import TEMPLATES
from threegates.text import Language
from threegates.workbook.styles import FONTS, GREY, HEAD_FILL, INK

WORKBOOK_TYPE = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
HOST = "threegates.invalid"  # content ids need a host; .invalid is reserved, so this one never exists
BOUNDARY = "=_three_gates_{}"  # "=_" occurs in neither quoted-printable nor base64
CHARACTERS = "utf-8"
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
LOCALES: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
FAMILIES: dict[Language, str] = {
    "en": f"{FONTS['en']},Helvetica,sans-serif",
    "zh": f"'{FONTS['zh']}','PingFang SC','Noto Sans CJK SC',sans-serif",
}
# Each element carries its style: Outlook inherits none inside tables, and many mail programs drop style sheets.
STYLES = {
    "h1": f"font-size:21px;line-height:1.3;color:#{HEAD_FILL};margin:0 0 12px",
    "h2": f"font-size:16px;line-height:1.3;color:#{HEAD_FILL};margin:24px 0 8px;border-bottom:1px solid #bfbfbf",
    "p": f"font-size:15px;line-height:1.5;color:#{INK};margin:0 0 12px",
    "ul": "margin:0 0 12px;padding:0 0 0 20px",
    "li": f"font-size:15px;line-height:1.5;color:#{INK};margin:0 0 6px",
    "table": "border-collapse:collapse;width:100%;margin:0 0 12px",
    "th": f"font-size:13px;line-height:1.3;color:#ffffff;background-color:#{HEAD_FILL};text-align:left;padding:5px 6px;vertical-align:bottom",
    "td": f"font-size:13px;line-height:1.3;color:#{INK};padding:5px 6px;border-bottom:1px solid #d9d9d9;vertical-align:top",
    "img": f"width:100%;max-width:600px;height:auto;border:0;display:block;font-size:13px;color:#{GREY}",
}
ATTRIBUTES = {
    "table": {"width": "100%", "cellpadding": "0", "cellspacing": "0", "border": "0"},
    "img": {"width": "600"},  # Outlook ignores max-width
}


@dataclass(frozen=True)
class Body:
    """The text of the mail as markdown, and its pictures by the paths that the markdown links to."""

    title: str
    language: Language
    markdown: str
    pictures: Mapping[str, bytes]


def subject(results: Results, language: Language) -> str:
    """The title of the report and its date, on one line."""
    assumptions = results.model.assumptions
    title = " ".join(assumptions.report.title.of(language).split())
    return f"{title} · {PHRASES['as_of'].of(language)} {assumptions.as_of.isoformat()}"


def draft(results: Results, body: Body, name: str, workbook: bytes) -> bytes:
    """The .eml, without date and message id, so that the same input gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = body.title
    mail = results.model.assumptions.mail
    for header, addresses in mail.headers().items() if mail is not None else []:
        message[header] = addresses
    message["X-Unsent"] = "1"  # Outlook opens it as a draft
    message.set_content(plain(body.markdown), charset=CHARACTERS, cte="quoted-printable")
    ids = {path: f"{number}@{HOST}" for number, path in enumerate(body.pictures, start=1)}
    shown = page(body, lambda path: f"cid:{ids[path]}")
    message.add_alternative(shown, "html", charset=CHARACTERS, cte="quoted-printable")
    *_, html = message.iter_parts()
    assert isinstance(html, MIMEPart)
    for path, png in body.pictures.items():
        file = path.rpartition("/")[2]
        html.add_related(png, "image", "png", cid=f"<{ids[path]}>", filename=file, disposition="inline")
    message.add_attachment(workbook, *WORKBOOK_TYPE, filename=name)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(BOUNDARY.format(number))
    return message.as_bytes()


def page(body: Body, address: Callable[[str], str]) -> str:
    """The body as a whole HTML page; ``address`` gives what stands in place of the path of a picture."""
    environment = jinja2.Environment(loader=TEMPLATES, autoescape=True)
    tokens = PARSER.parse(body.markdown)
    for token in _with_children(tokens):
        if token.tag in STYLES and token.nesting >= 0:
            style = f"font-family:{FAMILIES[body.language]};{STYLES[token.tag]}"
            if aligned := token.attrs.get("style"):  # the columns of numbers and verdicts, which must not wrap
                style += f";{aligned}" + (";white-space:nowrap" if token.tag == "td" else "")
            token.attrs |= {**ATTRIBUTES.get(token.tag, {}), "style": style}
        if token.type == "image":
            token.attrs["src"] = address(str(token.attrs["src"]))
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    return environment.get_template("mail.html.j2").render(
        title=body.title,
        language=LOCALES[body.language],
        body=Markup(html),  # noqa: S704  # markdown-it has escaped it
    )


def _with_children(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def plain(markdown: str) -> str:
    """The markdown as plain text: headings underlined, a line for each row of a table, the alternative texts of pictures."""
    lines: list[str] = []
    heads: list[str] = []
    cells: list[str] = []
    inside = ""
    for token in PARSER.parse(markdown):
        text = _text_of(token)
        if token.type in ("heading_open", "list_item_open", "th_open", "td_open", "paragraph_open"):
            inside = inside if token.type == "paragraph_open" and inside == "list_item_open" else token.type
        elif token.type == "inline" and inside in ("th_open", "td_open"):
            cells.append(text)
        elif token.type == "inline":
            lines += _lines(inside, text)
        elif token.type == "tr_close":
            heads, row = (cells, []) if inside == "th_open" else (heads, [_row(heads, cells)])
            lines, cells = lines + row, []
        elif token.type in ("bullet_list_close", "table_close"):
            lines.append("")
            inside = ""
    return "\n".join(lines).strip() + "\n"


def _lines(kind: str, text: str) -> list[str]:
    match kind:
        case "heading_open":
            return ["", text, "-" * len(text)]
        case "list_item_open":
            return [f"- {text}"]
    return [text, ""]


def _row(heads: Sequence[str], cells: Sequence[str]) -> str:
    rest = "; ".join(f"{head}: {cell}" for head, cell in zip(heads[1:], cells[1:], strict=True))
    return f"- {cells[0]} ({rest})"


def _text_of(token: Token) -> str:
    """The text of a line of markdown, without its markup."""
    parts = []
    for leaf in token.children or ():
        if leaf.type == "image":
            parts.append(f"[{_text_of(leaf)}]")
        elif leaf.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(leaf.content)
    return "".join(parts)
