"""The draft: it parses, says in both alternatives the same, carries the very files, and holds nothing but text."""

from __future__ import annotations

import base64
import email
import email.policy
import html.parser
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.conftest import digest, load
from tests.test_inputs_hostile import MARKUP
from tests.watched import Watched
from threegates.definition import MODEL
from threegates.engine import evaluate
from threegates.problems import InputError
from threegates.report import editions, summary
from threegates.text import LANGUAGES, Language

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NASTY = '<script>alert(1)</script> <img src="http://x.y/z.png"> [l](http://x.y) ![i](http://x.y/i.png) *s* | "q" &lt;'
MARKS = {"en": "", "zh": ".zh"}
MAILED = [chart.id for chart in MODEL.charts if chart.mailed]


@pytest.fixture(scope="module")
def output(mailed: Watched) -> Path:
    """What the command writes for the smallest assumptions in both languages."""
    assert (mailed.codes, mailed.stderr) == ([0], "")
    return mailed.folder / "output"


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    assert all(not message[name].defects for name in message)
    return message


def made(path: Path, language: Language = "en") -> dict[str, bytes]:
    results = evaluate.evaluate(load(path))
    return editions.contents(results, editions.solve(results, (language,)), mail=True)[0]


class Reader(html.parser.HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.words += [value or "" for name, value in attrs if name == "alt"]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] != "title":
            self.words.append(data)


def alternatives(message: EmailMessage) -> tuple[str, str]:
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()


def assert_harmless(page: str) -> None:
    """No scripts, no remote content, no links, no markup but that of the templates."""
    reader = Reader(page)
    allowed = [
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "h1",
        "h2",
        "p",
        "ul",
        "li",
        "strong",
        "em",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "img",
    ]
    assert set(reader.tags) <= set(allowed)
    for name, value in reader.attributes:
        assert not name.startswith("on")
        assert name not in ("href", "background", "srcset", "action")
        assert name != "src" or value.startswith(("cid:", "data:image/png;base64,")), value
        assert name != "style" or "url(" not in value
    assert "://" not in re.sub(r"data:image/png;base64,[\w+/=]+", "", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_draft_is_unsent_and_has_the_headers_of_the_yaml_and_no_others(language: Language, output: Path) -> None:
    message = parsed((output / f"scenarios{MARKS[language]}.eml").read_bytes())
    assert set(message.keys()) == {"Subject", "From", "To", "X-Unsent", "MIME-Version", "Content-Type"}
    assert message["X-Unsent"] == "1"
    assert message["From"] == "Ann <ann@example.com>"
    assert [(a.display_name, a.addr_spec) for a in message["To"].addresses] == [
        ("李", "li@example.com"),
        ("", "b@example.com"),
    ]
    assert (
        message["Subject"]
        == {
            "en": "Three Gates: cards, power and data for GPT-5 and GPT-6 · as of 2024-04-21",
            "zh": "三道关：GPT-5、GPT-6 需要的卡、电与数据 · 截至 2024-04-21",
        }[language]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_workbook_and_pictures_of_the_draft_are_those_in_the_folder_byte_for_byte(
    language: Language, output: Path
) -> None:
    mark = MARKS[language]
    message = parsed((output / f"scenarios{mark}.eml").read_bytes())
    (workbook,) = message.iter_attachments()
    assert workbook.get_content_type() == SPREADSHEET
    assert workbook.get_filename() == f"scenarios{mark}.xlsx"
    assert digest(workbook.get_content()) == digest((output / f"scenarios{mark}.xlsx").read_bytes())
    shown = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert len(shown) == len(MAILED)
    for part in shown:
        assert digest(part.get_content()) == digest((output / "pictures" / str(part.get_filename())).read_bytes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_picture_that_the_body_names_is_there_and_each_that_is_there_is_named(
    language: Language, output: Path
) -> None:
    message = parsed((output / f"scenarios{MARKS[language]}.eml").read_bytes())
    named = re.findall(r'src="cid:([^"]+)"', alternatives(message)[1])
    there = [part["Content-ID"][1:-1] for part in message.walk() if part["Content-ID"]]
    assert named == there
    assert len(set(there)) == len(there) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_alternatives_say_the_same_numbers(language: Language, output: Path) -> None:
    plain, page = alternatives(parsed((output / f"scenarios{MARKS[language]}.eml").read_bytes()))

    def numbers(text: str) -> set[str]:
        return set(re.findall(r"\d[\d,.]*\d|\d", text))

    assert numbers(plain) == numbers(" ".join(Reader(page).words))
    assert len(numbers(plain)) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_neither_the_draft_nor_the_page_holds_scripts_or_remote_content(language: Language, output: Path) -> None:
    mark = MARKS[language]
    assert_harmless(alternatives(parsed((output / f"scenarios{mark}.eml").read_bytes()))[1])
    assert_harmless((output / f"mail{mark}.html").read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_the_draft_says_and_carries_its_pictures_itself(language: Language, output: Path) -> None:
    mark = MARKS[language]
    page = (output / f"mail{mark}.html").read_text("utf-8")
    draft = alternatives(parsed((output / f"scenarios{mark}.eml").read_bytes()))[1]
    assert "".join(Reader(page).words).split() == "".join(Reader(draft).words).split()
    carried = [base64.b64decode(data) for data in re.findall(r'src="data:image/png;base64,([^"]+)"', page)]
    files = [(output / "pictures" / f"{name}{mark}.png").read_bytes() for name in MAILED]
    assert carried == files


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_text_of_the_yaml_is_text_in_the_mail(language: Language, small_file: Callable[..., Path]) -> None:
    places = [("scenarios", "gpt5_high"), ("claims", "gpt5_cards"), ("chips", "h100_sxm"), ("gates", "power_gate")]
    files = made(small_file({("report", "title"): NASTY, **{(*place, "label"): NASTY for place in places}}), language)
    message = parsed(files[f"scenarios{MARKS[language]}.eml"])
    plain, page = alternatives(message)
    for text in (page, files[f"mail{MARKS[language]}.html"].decode()):
        reader = Reader(re.sub(r"\w+://", "", text))
        assert "script" not in reader.tags
        assert "a" not in reader.tags
        assert {value.partition(":")[0] for name, value in reader.attributes if name == "src"} == {
            "cid" if text == page else "data"
        }
        assert NASTY in " ".join(Reader(text).words)
    assert NASTY in plain
    assert NASTY in str(message["Subject"])


def test_the_markdown_of_the_body_takes_no_markup_from_the_yaml(small_file: Callable[..., Path]) -> None:
    results = evaluate.evaluate(load(small_file({("scenarios", "gpt5_high", "label"): NASTY})))
    (entry,) = editions.solve(results, ("en",)).values()
    text = summary.mail(results, entry.uncertainty, "en", entry.compared, summary.NO_PICTURES, "scenarios.xlsx")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    found = {leaf.type for token in tokens for leaf in [token, *(token.children or [])]}
    assert found & MARKUP <= {"em_open"}  # the names of sheets


def test_no_text_of_the_yaml_makes_a_header(small_file: Callable[..., Path]) -> None:
    ends = ("\n", "\r\n", "\u2028", "\n\n")
    title = "Title" + "".join(f"{end}Bcc: evil@example.com{end}X-Evil: 1" for end in ends)
    message = parsed(made(small_file({("report", "title"): title}))["scenarios.eml"])
    assert set(message.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    evil = " Bcc: evil@example.com X-Evil: 1" * len(ends)
    assert message["Subject"] == f"Title{evil} · as of 2024-04-21"


WRONG = [
    ({"to": ["a@example.com\nBcc: b@example.com"]}, "mail.to", "an address such as name@example.com"),
    ({"from": "Ann\r\nBcc: x <b@example.com>"}, "mail.from", "an address such as name@example.com"),
    ({"to": "nobody"}, "mail.to", "an address such as name@example.com, or Name <name@example.com>"),
    ({"cc": ["a@example.com", "A@example.com"]}, "mail.cc", "each address once"),
    ({"bcc": "a@example.com"}, "mail.bcc", "found the unknown key 'bcc'; allowed: from, to, cc; did you mean cc?"),
    ({"to": 5}, "mail.to", "found 5"),
    ({"from": ["a@example.com"]}, "mail.from", "found a list"),
    ({"to": ["a@example.com, b@example.com"]}, "mail.to", "an address such as"),
    ({"to": ["=?utf-8?q?x=0ABcc:_y?= <a@example.com>, <b@example.com>"]}, "mail.to", "an address such as"),
    ("ann@example.com", "mail", "a mapping"),
]


@pytest.mark.parametrize(("section", "where", "words"), WRONG, ids=[str(i) for i in range(len(WRONG))])
def test_a_wrong_address_gets_a_sentence_with_its_line(
    section: object, where: str, words: str, small_file: Callable[..., Path]
) -> None:
    path = small_file({("mail",): section})
    with pytest.raises(InputError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert problem.line > 1
    assert problem.path == where
    assert words in str(problem)


@pytest.mark.parametrize(
    "address",
    ["a@b.co", "Ann Lee <ann.lee+x@mail.example.com>", "李四 <li@example.com>", "O'Neil <o'neil@example.com>"],
)
def test_an_address_may_have_a_name(address: str, small_file: Callable[..., Path]) -> None:
    headers = load(small_file({("mail",): {"to": address}})).assumptions.mail
    assert headers is not None
    assert [str(one) for one in headers.headers()["To"]] == [address]
