"""Files that are handed in are read whole, or refused by file, row and column without their values."""

import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.reference.delimited import FAULTS_AT_MOST, FAULTS_KEPT, LONGEST_LINE, Faults
from app.reference.source_kinds import Addresses, Areas, Codes, OwnTable, Source
from app.reference.sources import read_source
from app.reference.tables import rows_of

RVIG = "92.10 Gemeentecode,92.11 Omschrijving,92.12 Nieuwe code,99.98 Datum ingang,99.99 Datum einde\n"
CBS = "Regio's;Codes en namen van gemeenten/Code (code);Codes en namen van gemeenten/Naam (naam)"
YOUTH = "Lokaliseringen van gemeenten/Jeugdregio's/"
PC6 = "PC6;Huisnummer;Buurt2026;Wijk2026;Gemeente2026\n"
SCHOOLS = "brin,name\n"
HISTORY = "municipality_code,name,valid_from,valid_to,successor_code,current_code,current_name,is_current\n"
ALIASES = "alias,municipality_code,municipality_name,kind\n"

# content -> row, column and part of the sentence of the first fault
REFUSED: dict[str, tuple[bytes | str, int | None, str | None, str]] = {
    "empty": ("", None, None, "empty"),
    "blank first line": ("\n\n", None, None, "blank"),
    "header only": (RVIG, None, None, "no row"),
    "a photo": (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 255)), 1, None, "not UTF-8"),
    "some other table": ("kanarie,b,c\n1,2,3\n", 1, None, "the header is not that of"),
    "wrong delimiter": (SCHOOLS.replace(",", "#") + "00GT#Kanarie\n", 1, None, "the header is not that of"),
    "numbered columns": ("ID;RegioS;Code_1;Naam_2\n1;kanarie;x;y\n", 1, None, "do not say which region"),
    "own table without a column": (ALIASES.replace(",kind", ""), 1, None, "missing: kind"),
    "own table with a column more": (ALIASES.replace("kind", "kind,kanarie"), 1, None, "not known: column 5"),
    "doubled column": (ALIASES.replace("kind", "kind,kind") + "a,0193,b,c,c\n", 1, "kind", "there twice"),
    "RvIG without a column": (RVIG.replace(",99.99 Datum einde", ""), 1, "99.99 (valid_to)", "missing"),
    "CBS without a name": (CBS.replace("/Naam", "/Iets") + "\n", 1, "gemeenten/Naam", "missing"),
    "CBS region without its code": (f"{CBS};{YOUTH}Naam\n", 1, "youth/Code", "missing"),
    "CBS group twice": (f"{CBS};{YOUTH}Code;{YOUTH}Code;{YOUTH}Naam\n", 1, "youth/Code", "there twice"),
    "PC6 without the municipality": ("PC6;Huisnummer\n1011AB;1\n", 1, "Gemeente", "missing"),
    "short row": (RVIG + '"0193","Kanarie"\n', 2, None, "2 values under a header of 5"),
    "long row": (SCHOOLS + "00GT,Kanarie,x\n", 2, None, "3 values under a header of 2"),
    "short address": (PC6 + "1011AB;1;1\n", 2, None, "3 values under a header of 5"),
    "NUL": (SCHOOLS + "00GT,Kana\0rie\n", 2, None, "NUL"),
    "not UTF-8": (SCHOOLS.encode() + "00GT,Kanari\xeb\n".encode("latin-1"), 2, None, "not UTF-8"),
    "half a UTF-16 character": (b"\xff\xfe" + RVIG.encode("utf-16-le") + b"\x00", 2, None, "not UTF-8"),
    "huge line": (SCHOOLS + "00GT," + "k" * LONGEST_LINE + "\n", 2, None, "longer than"),
    "open quotation mark": (SCHOOLS + '00GT,"Kanarie\n', 2, None, "never closes"),
    "code of three digits": (RVIG + "193,Kanarie,,,\n", 2, "92.10 (code)", "four digits"),
    "code of other digits": (RVIG + "٠١٩٣,Kanarie,,,\n", 2, "92.10 (code)", "four digits"),
    "CBS code without GM": (CBS + "\nx;0193;Kanarie\n", 2, "gemeenten/Code", "not GM and four digits"),
    "doubled code": (RVIG + "0193,A,,,\n0193,Kanarie,,,\n", 3, "92.10 (code)", "the same as in row 2"),
    "doubled CBS code": (CBS + "\nx;GM0193;A\nx;GM0193;B\n", 3, "gemeenten/Code", "the same as in row 2"),
    "day that is none": (RVIG + "0193,Kanarie,,20260231,\n", 2, "99.98 (valid_from)", "calendar"),
    "day of a week": (HISTORY + "0193,K,2026-W05-1,,,,,1\n", 2, "valid_from", "not a date as"),
    "day in words": (RVIG + "0193,Kanarie,,,1 mei\n", 2, "99.99 (valid_to)", "not a date as yyyymmdd"),
    "year 0001": (RVIG + "0193,Kanarie,,00010101,\n", 2, "99.98 (valid_from)", "before 1800"),
    "last day before the first": (RVIG + "0193,K,,20260101,20250101\n", 2, "99.99 (valid_to)", "before the"),
    "municipality without a name": (RVIG + "0193,,,,\n", 2, "92.11 (name)", "empty"),
    "region without a name": (f"{CBS};{YOUTH}Code;{YOUTH}Naam\nx;GM0193;K;J1; \n", 2, "youth/Naam", "empty"),
    "name that hides something": (RVIG + "0193,Kana\u202erie,,,\n", 2, "92.11 (name)", "cannot be seen"),
    "very long name": (RVIG + f"0193,{'k' * 201},,,\n", 2, "92.11 (name)", "longer than"),
    "postcode of three digits": (PC6 + "101AB;1;1;1;363\n", 2, "PC6", "four digits and two letters"),
    "postcode with a zero first": (PC6 + "0101AB;1;1;1;363\n", 2, "PC6", "four digits and two letters"),
    "postcode without letters": (PC6 + "1011;1;1;1;363\n", 2, "PC6", "four digits and two letters"),
    "address in no municipality": (PC6 + "1011AB;1;1;1;kanarie\n", 2, "Gemeente", "four digits"),
    "BRIN": (SCHOOLS + "kanarie,X\n", 2, "brin", "not a BRIN"),
}  # fmt: skip


def read(folder: Path, content: bytes | str, name: str = "file.csv") -> tuple[Source | None, Faults]:
    path, faults = folder / name, Faults(name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_source(path, faults, lambda _file, _rows: None), faults


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_bad_file_is_refused_with_row_and_column_and_without_its_values(tmp_path: Path, case: Any) -> None:
    content, row, column, sentence = case
    source, faults = read(tmp_path, content)
    assert source is None
    assert (faults.kept[0].row, faults.kept[0].column) == (row, column)
    assert sentence in faults.kept[0].detail
    assert "anarie" not in str(faults.kept)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_in_use_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "92.10 a,92.11 b,92.12 c,99.98 d,99.99 e\n0014,Gr\u00f4ningen,,,00000000\n".replace(",", delimiter)
    source, _ = read(tmp_path, text.encode(encoding))
    assert isinstance(source, Codes)
    assert (source.rows[0].name, source.rows[0].valid_to) == ("Gr\u00f4ningen", "")


@pytest.mark.parametrize(
    ("kind", "content"), [(Areas, "cbs"), (Codes, "rvig"), (Addresses, "addresses")], ids=str
)
def test_official_files_are_recognised_by_their_header(
    tmp_path: Path, official: Any, kind: type[Source], content: str
) -> None:
    source, faults = read(tmp_path, getattr(official, content)())
    assert (type(source), faults.count) == (kind, 0)


def test_every_table_of_our_own_is_recognised_by_its_header(tmp_path: Path, official: Any) -> None:
    for name, text in official.files.items():
        source, faults = read(tmp_path, text)
        assert isinstance(source, OwnTable), faults.kept
        assert (source.name, source.rows) == (name, rows_of(text))


def test_a_statline_file_may_end_with_its_source(tmp_path: Path) -> None:
    source, _ = read(tmp_path, CBS + "\nZwolle;GM0193    ;Zwolle   \nBron: CBS\n")
    assert isinstance(source, Areas)
    assert [(area.code, area.name) for area in source.areas] == [("0193", "Zwolle")]


def test_the_columns_of_the_yearly_workbook_are_known_as_well(tmp_path: Path) -> None:
    header = "gemeenten|Code,gemeenten|Naam,GGD-regio's|Naam,Provincies|Naam\n"
    source, _ = read(tmp_path, header + "GM0193,Zwolle,GGD IJsselland,Overijssel\n")
    assert isinstance(source, Areas)
    assert source.areas[0].regions == {"ggd": ("", "GGD IJsselland")}


def test_addresses_are_counted_and_codes_filled_up(tmp_path: Path) -> None:
    source, _ = read(tmp_path, PC6 + "1011AB;1;1;1;363\n1011AC;2;1;1;0363\n1011 AC;3;1;1;14\n")
    assert isinstance(source, Addresses)
    assert source.counts == {"1011": {"0363": 2, "0014": 1}}


def test_the_one_known_file_of_a_zip_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cbs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gem2026.csv", "Gemeente2026;Gemeentenaam2026\n14;Groningen\n")
        archive.writestr("pc6hnr20260801_gwb.csv", PC6 + "1011AB;1;1;1;363\n")
    source, faults = read(tmp_path, (tmp_path / "cbs.zip").read_bytes(), "cbs.zip")
    assert isinstance(source, Addresses), faults.kept


def test_a_zip_that_is_cut_off_or_holds_nothing_known_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", "kanarie\n1\n")
    whole = (tmp_path / "x.zip").read_bytes()
    for content in (whole, whole.replace(b"kanarie", b"kanaria")):
        source, faults = read(tmp_path, content, "x.zip")
        assert source is None
        assert "anari" not in faults.kept[0].detail


def test_a_zip_with_damaged_content_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pc6hnr.csv", PC6 + "".join(f"1011AB;{n};1;1;363\n" for n in range(9_999)))
    whole = bytearray((tmp_path / "x.zip").read_bytes())
    whole[50:90] = b"\xff" * 40
    source, faults = read(tmp_path, bytes(whole), "x.zip")
    assert source is None
    assert "cannot be read" in faults.kept[0].detail


def test_the_first_faults_are_kept_and_a_file_of_faults_is_not_read_to_its_end(tmp_path: Path) -> None:
    _, faults = read(tmp_path, SCHOOLS + "x,\n" * FAULTS_AT_MOST)
    assert len(faults.kept) == FAULTS_KEPT
    assert faults.count == FAULTS_AT_MOST + 1


def test_millions_of_addresses_need_no_more_memory_than_a_few(tmp_path: Path) -> None:
    row = "1011{letters};{number};0363AF01;0363AF;0363\n"
    peaks = []
    for rows in (8_000, 80_000):
        text = PC6 + "".join(row.format(letters=f"A{chr(65 + n % 26)}", number=n) for n in range(rows))
        (tmp_path / "pc6.csv").write_text(text, "utf-8")
        tracemalloc.start()
        source = read_source(tmp_path / "pc6.csv", Faults("pc6.csv"), lambda _file, _rows: None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert isinstance(source, Addresses)
        assert source.counts == {"1011": {"0363": rows}}
    assert peaks[1] < peaks[0] + 50_000
