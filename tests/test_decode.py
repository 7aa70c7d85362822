"""Bytes become the text that a browser would show."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.decode import decode

CHINESE = "新桥昨天开通，市长说这座桥将缩短通勤时间，居民们表示欢迎。"
JAPANESE = "新しい橋が昨日開通した。市長は通勤時間が短くなると述べた。"
KOREAN = "새 다리가 어제 개통되었다. 시장은 출퇴근 시간이 줄어들 것이라고 말했다."
RUSSIAN = (
    "Старый мост закрыли на ремонт, и он не откроется до весны. Мэр сказал, что работы идут по плану, "
    "а жители с терпением ждут, как это было и в прошлом году."
)
RUSSIAN_CAPITALS = "Новый мост открыли вчера утром. Мэр сказал, что дорога до города станет короче, и жители этому рады. "
CHARSETS = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "iso-2022-jp",
    "gb18030",
    "big5",
    "euc-kr",
    "shift_jis",
    "koi8-u",
    "replacement",
    "x-user-defined",
]


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
)
def test_a_byte_order_mark_decides_and_is_no_text(mark: bytes, encoding: str) -> None:
    assert decode(mark + "<meta charset=koi8-r>Grüße".encode(encoding), charset="koi8-r") == "<meta charset=koi8-r>Grüße"


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gb2312", CHINESE),
        ("big5", "big5", "舊橋因維修而關閉，市長說它將在春天重新開放。"),
        ("shift_jis", "shift_jis", JAPANESE),
        ("euc-jp", "euc-jp", JAPANESE),
        ("iso-2022-jp", "iso-2022-jp", JAPANESE),
        ("euc-kr", "euc-kr", KOREAN),
        ("windows-1251", "cp1251", RUSSIAN),
        ("iso-8859-2", "iso8859-2", "Příliš žluťoučký kůň"),
    ],
)
@pytest.mark.parametrize("declaration", ["<meta charset={}>", '<meta http-equiv="Content-Type" content="text/html; charset={}">'])
def test_the_declared_charset_is_used(declaration: str, label: str, codec: str, text: str) -> None:
    page = declaration.format(label) + text
    assert decode(page.encode(codec)) == page


def test_the_charset_of_an_xml_declaration_is_used() -> None:
    page = '<?xml version="1.0" encoding="windows-1251"?>' + RUSSIAN
    assert decode(page.encode("cp1251")) == page


def test_a_declaration_late_in_the_head_is_found() -> None:
    page = "<head>" + "<!-- padding -->" * 300 + '<meta charset="windows-1250">Příliš žluťoučký kůň'
    assert decode(page.encode("cp1250")) == page


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "us-ascii"])
def test_latin_1_means_windows_1252(label: str) -> None:
    page = f"<meta charset={label}>“Five €”"
    assert decode(page.encode("cp1252")) == page


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "shift_jis", "utf-16", "nonsense"])
def test_valid_utf_8_is_utf_8_whatever_is_declared(label: str) -> None:
    page = f"<meta charset={label}>Grüße, {RUSSIAN}"
    assert decode(page.encode()) == page


def test_utf_16_declared_in_plain_ascii_is_not_believed() -> None:
    assert decode(b"<meta charset=utf-16>abc") == "<meta charset=utf-16>abc"


@pytest.mark.parametrize(
    ("codec", "text"),
    [("cp1251", RUSSIAN), ("koi8-r", RUSSIAN), ("gb2312", CHINESE), ("euc-kr", KOREAN), ("cp1253", "Η γέφυρα έκλεισε για έργα.")],
)
def test_an_undeclared_charset_is_detected(codec: str, text: str) -> None:
    page = f"<p>{text * 3}</p>"
    assert decode(page.encode(codec)) == page


def test_undeclared_windows_1251_is_not_taken_for_mac_cyrillic() -> None:
    page = f"<p>{RUSSIAN_CAPITALS * 5}"
    assert decode(page.encode("cp1251")) == page


def test_utf_8_cut_in_a_character_is_still_utf_8() -> None:
    assert decode("Grüße ".encode() * 20 + b"\xc3") == "Grüße " * 20 + "\ufffd"


def test_utf_8_with_few_umlauts_cut_in_a_character_is_still_utf_8() -> None:
    assert decode("Die Brücke über den Fluß wird nicht geöffnet".encode() + b"\xc3") == "Die Brücke über den Fluß wird nicht geöffnet\ufffd"


def test_declared_utf_8_with_a_broken_byte_is_still_utf_8() -> None:
    assert decode(b"<meta charset=utf-8>caf\xe9 \xc3\xa9") == "<meta charset=utf-8>caf\ufffd é"


def test_the_transports_charset_goes_before_the_declared_one() -> None:
    page = "<meta charset=utf-8>" + RUSSIAN
    assert decode(page.encode("cp1251"), charset="windows-1251") == page


def test_an_unknown_transport_charset_is_ignored() -> None:
    page = "<meta charset=windows-1251>" + RUSSIAN
    assert decode(page.encode("cp1251"), charset="nonsense") == page


def test_utf_16_without_a_mark_is_read_as_the_transport_says() -> None:
    assert decode("hello".encode("utf-16-le"), charset="utf-16le") == "hello"


def test_no_bytes_are_no_text() -> None:
    assert decode(b"") == decode(b"", charset="shift_jis") == ""


def test_escape_sequences_of_a_terminal_are_no_charset() -> None:
    assert decode(b"<meta charset=utf-8>a\x1b[0mb") == "<meta charset=utf-8>a\x1b[0mb"


@given(
    st.binary(max_size=120),
    st.sampled_from([None, *CHARSETS]),
    st.sampled_from([b"", *(b"<meta charset=%s>" % c.encode() for c in CHARSETS)]),
)
def test_garbage_never_raises(data: bytes, charset: str | None, declared: bytes) -> None:
    assert isinstance(decode(declared + data, charset=charset), str)


@given(st.text())
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    data = text.encode(errors="ignore")
    if not data.isascii() and not data.startswith(codecs.BOM_UTF8):
        assert decode(data) == data.decode()
