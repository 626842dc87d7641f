"""Newer files give newer tables that fit together, or are refused whole."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.reference import Reference, Resolved, open_reference, read_reference
from app.reference.changes import compare
from app.reference.delimited import Faults
from app.reference.renewal import Unfit, renew, write_table
from app.reference.source_kinds import Source
from app.reference.sources import read_source
from app.reference.tables import rows_of

TODAY = date(2026, 11, 21)
SHIPPED = open_reference()
# Kampen goes into Zwolle; Gouda and Waddinxveen become a new municipality.
ENDED = {"0166": "0193", "0513": "2001", "0627": "2001"}
NEW = {"2001": "0513"}

Renewed = Callable[..., Reference]


@pytest.fixture
def sources(tmp_path: Path) -> Callable[..., list[Source]]:
    """Reads the texts of files."""

    def read(*texts: str) -> list[Source]:
        found = []
        for number, text in enumerate(texts):
            path, faults = tmp_path / f"{number}.csv", Faults(f"{number}.csv")
            path.write_text(text, "utf-8")
            source = read_source(path, faults, lambda _file, _rows: None)
            assert source is not None, faults.kept
            found.append(source)
        return found

    return read


@pytest.fixture
def renewed(sources: Any) -> Renewed:
    """The reference that the shipped one and the texts of newer files give."""

    def make(*texts: str, on: date = TODAY) -> Reference:
        return read_reference(renew(SHIPPED.files, sources(*texts), on))

    return make


@pytest.fixture
def merged(official: Any, renewed: Renewed) -> Reference:
    return renewed(official.cbs(ended=list(ENDED), added=NEW), official.rvig(ended=ENDED, added=list(NEW)))


def table(name: str, change: Callable[[dict[str, str]], Mapping[str, str] | None]) -> str:
    """A shipped table with rows changed, or left out for None."""
    rows = [change(row) for row in rows_of(SHIPPED.files[name])]
    return write_table(name, [dict(row) for row in rows if row is not None])


def test_the_same_data_in_official_files_changes_no_byte(official: Any, renewed: Renewed) -> None:
    assert renewed(official.cbs(), official.rvig()).files == SHIPPED.files
    assert renewed(*SHIPPED.files.values()).files == SHIPPED.files


def test_a_merged_municipality_is_found_by_its_old_code_and_name(merged: Reference) -> None:
    assert merged.resolve("0166") == merged.resolve("Kampen") == Resolved("0193", merged=True)
    assert merged.resolve("Gouda") == Resolved("2001", merged=True)
    assert merged.resolve("Nieuw 2001") == Resolved("2001")


def test_codes_that_went_into_it_earlier_follow(merged: Reference) -> None:
    assert SHIPPED.resolve("0191") == Resolved("0166", merged=True)
    assert merged.resolve("0191") == Resolved("0193", merged=True)


def test_a_new_municipality_has_the_regions_of_the_file_and_else_those_of_what_it_was_made_of(
    merged: Reference,
) -> None:
    assert merged.listings["2001"].regions == SHIPPED.listings["0513"].regions
    assert merged.listings["2001"].province == "Zuid-Holland"


def test_postcodes_of_ended_municipalities_go_to_the_one_that_followed(merged: Reference) -> None:
    assert SHIPPED.municipalities_of_pc4("8261") == ("0166",)
    assert merged.municipalities_of_pc4("8261") == ("0193",)
    assert SHIPPED.municipalities_of_pc4("8275") == ("0166", "0193")
    assert merged.postcodes["8275"].candidates[0].share == pytest.approx(1, abs=0.03)


def test_a_split_that_is_corrected_by_hand_stays_a_choice(official: Any, renewed: Renewed) -> None:
    after = renewed(
        official.cbs(ended=["0757"]), official.rvig(ended={"0757": "0824"})
    )  # Boxtel into Oisterwijk
    assert SHIPPED.resolve("Haaren").candidates == ("0757", "0824", "0855", "0865")
    assert after.resolve("Haaren") == Resolved(None, candidates=("0824", "0855", "0865"))


def test_an_alias_of_an_ended_municipality_is_one_of_the_past(official: Any, renewed: Renewed) -> None:
    after = renewed(official.rvig(ended={"0518": "0599"}))  # The Hague into Rotterdam
    assert after.resolve("Den Haag") == Resolved("0599", merged=True)


def test_table_33_alone_is_read_for_the_day(official: Any, renewed: Renewed) -> None:
    text = official.rvig(ended={"0166": "0193"})
    assert "0166" in renewed(text, on=date(2026, 10, 31)).listings
    assert "0166" not in renewed(text, on=date(2026, 11, 1)).listings


def test_addresses_give_the_share_of_each_municipality(official: Any, renewed: Renewed) -> None:
    after = renewed(official.addresses(moved={"8261": "0193"}))
    assert after.municipalities_of_pc4("8261") == ("0193",)
    assert after.municipalities_of_pc4("1027") == ("0363", "0852")
    assert [c.share for c in after.postcodes["1027"].candidates] == [0.5, 0.5]
    assert after.postcodes["1011"].place_name == "Amsterdam"


def test_addresses_in_a_municipality_of_the_past_are_carried_over(official: Any, renewed: Renewed) -> None:
    assert renewed(official.addresses(moved={"9901": "0003"})).municipalities_of_pc4("9901") == ("1979",)


def test_the_report_tells_what_changes(official: Any, merged: Reference, renewed: Renewed) -> None:
    told = compare(SHIPPED, merged)
    assert [m.code for m in told.added] == ["2001"]
    assert {e.municipality.code: [m.code for m in e.into] for e in told.ended} == {
        c: [n] for c, n in ENDED.items()
    }
    assert (told.regions, told.postcodes_moved, told.doubts) == ((), (), ())
    assert [p.pc4 for p in told.postcodes_whole] == []
    moved = compare(SHIPPED, renewed(official.addresses(moved={"8261": "0193"})))
    assert {p.pc4: (p.before, p.after) for p in moved.postcodes_moved}["8261"] == (("0166",), ("0193",))


def test_the_report_tells_names_regions_and_lists_that_change(renewed: Renewed) -> None:
    def of_zwolle(**changed: str) -> Callable[[dict[str, str]], Mapping[str, str]]:
        return lambda row: {**row, **changed} if row["municipality_code"] == "0193" else row

    after = renewed(
        table("municipalities", of_zwolle(name="Zwol")),
        table("municipality_regions", of_zwolle(ggd_region_name="GGD Nieuw")),
        table("mbo_institutions", lambda r: None if r["brin"] == "01AA" else r),
        table("youth_protection_organisations", lambda r: None if r["code"] == "AST106" else r),
    )
    told = compare(SHIPPED, after)
    assert [(r.code, r.before, r.after) for r in told.renamed] == [("0193", "Zwolle", "Zwol")]
    assert [(r.municipality.code, r.after and r.after.name) for r in told.regions] == [("0193", "GGD Nieuw")]
    assert (told.schools, told.youth_protection) == (("01AA",), ("AST106",))


def test_half_a_file_raises_doubts(renewed: Renewed) -> None:
    half = table("pc4_municipality", lambda r: r if r["pc4"] < "5000" else None)
    candidates = table("pc4_municipality_candidates", lambda r: r if r["pc4"] < "5000" else None)
    (doubt,) = compare(SHIPPED, renewed(half, candidates)).doubts
    assert "postcodes disappear" in doubt


def faults_of(sources: Any, *texts: str) -> str:
    with pytest.raises(Unfit) as unfit:
        renew(SHIPPED.files, sources(*texts), TODAY)
    return "\n".join(f"{f.file} {f.row} {f.column}: {f.detail}" for f in unfit.value.faults)


def test_an_end_without_a_successor_asks_for_table_33(official: Any, sources: Any) -> None:
    assert "0166 is no longer listed and has no successor" in faults_of(sources, official.cbs(ended=["0166"]))


def test_files_of_different_years_are_refused_by_row(official: Any, sources: Any) -> None:
    old_list = faults_of(sources, official.cbs(), official.rvig(ended={"0166": "0193"}))
    assert "0.csv 33 gemeenten/Code: not a municipality of today in table 33" in old_list
    old_table = faults_of(sources, official.cbs(ended=["0166"]), official.rvig())
    assert "1.csv 169 92.10 (code): of today, and not in the CBS table" in old_table


def test_a_region_that_nobody_tells_is_asked_for(official: Any, sources: Any) -> None:
    ended = {"0166": "2001", "0363": "2001"}  # Kampen and Amsterdam lie in different regions
    told = faults_of(sources, official.rvig(ended=ended, added=["2001"]))
    assert "not known of a new municipality: province_name, rmc_region_code" in told


def test_a_region_with_two_names_is_refused(sources: Any) -> None:
    text = table(
        "municipality_regions",
        lambda r: {**r, "rmc_region_name": "Kanarie"} if r["municipality_code"] == "0037" else r,
    )
    assert "0.csv 5 rmc_region_name: this region has another name" in faults_of(sources, text)


@pytest.mark.parametrize(
    ("name", "column", "value", "sentence"),
    [
        ("pc4_municipality", "municipality_code", "9999", "not known"),
        ("pc4_municipality_candidates", "pc4", "1000", "not in pc4_municipality"),
        ("schools", "core_municipality_code", "9999", "not a municipality of today"),
        ("municipality_aliases", "municipality_code", "9999", "the history does not know"),
        ("municipality_successors", "successor_code", "9999", "the history does not know"),
        ("municipality_code_history", "successor_code", "9999", "the history does not know"),
        ("municipality_regions", "municipality_code", "9999", "not a municipality of today"),
        ("municipalities", "cbs_code", "GM9999", "not GM and the code beside it"),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(
    sources: Any, name: str, column: str, value: str, sentence: str
) -> None:
    first = rows_of(SHIPPED.files[name])[0]
    told = faults_of(sources, table(name, lambda r: {**r, column: value} if r == first else r))
    assert sentence in told
    assert value not in told


def test_codes_in_a_ring_and_successors_that_nobody_knows_are_refused(official: Any, sources: Any) -> None:
    ring = official.rvig(ended={"0166": "0193", "0193": "0166"})
    assert "follow each other in a ring" in faults_of(sources, ring)
    assert "not a code of this table" in faults_of(sources, official.rvig(ended={"0166": "9998"}))


def test_two_files_that_tell_the_same_are_refused(official: Any, sources: Any) -> None:
    both = faults_of(sources, official.cbs(), SHIPPED.files["municipalities"])
    assert both == "1.csv None None: another of the files tells the same"


def test_addresses_in_a_split_or_unknown_municipality_are_refused_by_row(official: Any, sources: Any) -> None:
    assert "was split: take a newer file" in faults_of(sources, official.addresses(moved={"1011": "0788"}))
    assert "0.csv 2 Gemeente: not a municipality" in faults_of(
        sources, official.addresses(moved={"1011": "9998"})
    )


def test_a_table_33_without_municipalities_is_refused(sources: Any) -> None:
    header = "92.10 a,92.11 b,92.12 c,99.98 d,99.99 e\n"
    assert "no municipality of today in it" in faults_of(sources, header + "1999,RNI,,,\n")
