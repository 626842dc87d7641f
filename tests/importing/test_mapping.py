"""A mapping is read strictly: what it says is done, and what it cannot say is refused with its place."""

import time

import pytest

from app.errors import InvalidInput
from app.schemas.faults import SENTENCES
from app.schemas.importing import MappingFault, MappingProblem, load_mapping
from tests.importing.rows import faults, read

PURPOSE = '[columns]\nconsents.purpose = { from = "Doel", codes = { V = "referral", "T 2" = "feedback" } }\n'


def found(text: str) -> tuple[MappingProblem, ...]:
    with pytest.raises(MappingFault) as refused:
        load_mapping(text.encode())
    return refused.value.faults


def problems(text: str) -> list[str]:
    return [problem.where for problem in found(text)]


def test_a_code_becomes_ours_in_each_part() -> None:
    told = read({"Doel": "T 2|V"}, PURPOSE)["consents"]
    assert told == [{"purpose": "feedback"}, {"purpose": "referral"}]


def test_a_code_that_is_not_mapped_is_a_fault_of_the_file_s_column() -> None:
    with pytest.raises(InvalidInput) as told:
        read({"Doel": "canary"}, PURPOSE)
    assert [(f.location, f.code) for f in told.value.faults] == [("Doel", "code.unmapped")]
    assert "canary" not in str(told.value.faults)


def test_what_a_code_stands_for_is_written_as_ours_are() -> None:
    mapping = '[columns]\nhomeMunicipality = { from = "Plaats", codes = { HvT = "1735" } }'
    assert read({"Plaats": "HvT"}, mapping)["homeMunicipality"] == "1735"


def test_a_code_may_say_that_there_is_none() -> None:
    mapping = '[columns]\ncircumstances.youthHelp.type = { from = "Hulp", codes = { geen = "null" } }'
    assert read({"Hulp": "geen"}, mapping)["circumstances"] == {"youthHelp": None}


def test_a_constant_stands_in_every_row() -> None:
    mapping = '[constants]\nschool.brin = "00ZZ"\nstudent.age = 17\ncircumstances.single = true'
    body = read({}, mapping)
    told = body["school"], body["student"], body["circumstances"]
    assert told == ({"brin": "00ZZ"}, {"age": 17}, {"single": True})


CONSENTS = """
[constants]
consents.givenBy = "student"
consents.purpose = "referral"
[columns]
consents.givenOn = "Akkoord"
"""


def test_constants_of_a_list_are_told_of_each_of_its_items() -> None:
    told = read({"Akkoord": "2026-05-13|2026-05-14"}, CONSENTS)["consents"]
    days = ("2026-05-13", "2026-05-14")
    assert told == [{"givenBy": "student", "purpose": "referral", "givenOn": day} for day in days]


def test_constants_of_a_list_tell_nothing_where_no_cell_does() -> None:
    assert "consents" not in read({"Akkoord": ""}, CONSENTS)


def test_a_mapping_has_its_own_separator_and_words_of_truth() -> None:
    mapping = (
        'separator = "/"\n[columns]\n'
        'circumstances.acuteDomains = { from = "Acuut", separator = "," }\n'
        'circumstances.pregnant = { from = "Zw", true = ["J"], false = ["N"] }'
    )
    body = read({"problemDomains": "debts/housing", "Acuut": "debts,housing", "Zw": "j"}, mapping)
    assert body["problemDomains"] == body["circumstances"]["acuteDomains"] == ["debts", "housing"]
    assert body["circumstances"]["pregnant"] is True
    assert faults({"Zw": "ja", "Acuut": ""}, mapping) == [("Zw", "boolean.other_word")]


def test_one_column_of_the_file_may_tell_two_of_ours() -> None:
    mapping = '[columns]\nstudent.postcode = "PC"\nhomeMunicipality = "PC"'
    body = read({"PC": "8261AA"}, mapping)
    assert (body["student"]["postcode"], body["homeMunicipality"]) == ("8261AA", "0166")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("colums = {}", "colums"),
        ("a = [", "mapping"),
        ("columns = 3", "columns"),
        ('separator = "x"', "separator"),
        ("ignore = [1]", "ignore.0"),
        ('[columns]\nstudent.surnam = "A"', "columns.student.surnam"),
        ('[columns]\nstudent.birthDate = { frm = "A" }', "columns.student.birthDate.frm"),
        ('[columns]\nstudent.birthDate = { from = "" }', "columns.student.birthDate.from"),
        (
            '[columns]\nstudent.birthDate = { from = "A", form = "dd-mm-yy" }',
            "columns.student.birthDate.form",
        ),
        ('[columns]\nstudent.birthDate = { from = "A", form = "dmyyyy" }', "columns.student.birthDate.form"),
        ('[columns]\nstudent.age = { from = "A", form = "code" }', "columns.student.age.form"),
        ('[columns]\nhomeMunicipality = { from = "A", form = "name" }', "columns.homeMunicipality.form"),
        ('[columns]\nproblemDomains = { codes = { A = "dept" } }', "columns.problemDomains.codes.1"),
        (
            '[columns]\ncircumstances.needs = { codes = { A = "debts" } }',
            "columns.circumstances.needs.codes.1",
        ),
        (
            '[columns]\nstudent.birthDate = { codes = { A = "2008-01-01" } }',
            "columns.student.birthDate.codes",
        ),
        ('[columns]\nreason = { separator = "|" }', "columns.reason.separator"),
        ('[columns]\nreason = { true = ["J"] }', "columns.reason.true"),
        ('[columns]\ncircumstances.wajong = { true = ["NEE"] }', "columns.circumstances.wajong.true"),
        (
            '[columns]\nreason = "A"\n"circumstances.wajong" = "B"\ncircumstances.wajong = "C"',
            "columns.circumstances.wajong",
        ),
        ('[columns]\nreason = "Leerling BSN"', "columns.reason.from"),
        ('ignore = ["burgerservicenummer"]', "ignore.0"),
        ('ignore = ["A"]\n[columns]\nreason = "A"', "ignore.0"),
        ('[constants]\nsourceReference = "1"', "constants.sourceReference"),
        ('[constants]\nschool.brin = "x"', "constants.school.brin"),
        ("[constants]\nschool.brin = 1.5", "constants.school.brin"),
        ('[constants]\nreason = "a"\n[columns]\nreason = "A"', "constants.reason"),
    ],
)
def test_what_a_mapping_cannot_say_is_refused_with_its_place(text: str, place: str) -> None:
    [problem] = found(text)
    assert problem.where == place
    assert problem.code in SENTENCES


@pytest.mark.parametrize(
    "content", [b"a = " + b"[" * 100_000, b"#" * 200_000, b"\xff\xfe", b"a." * 30_000 + b"b = 1"]
)
def test_a_mapping_that_is_deep_large_or_no_text_is_refused_at_once(content: bytes) -> None:
    started = time.process_time()
    with pytest.raises(MappingFault):
        load_mapping(content)
    assert time.process_time() - started < 1


def test_every_fault_of_a_mapping_is_told_at_once() -> None:
    text = '[columns]\nreason = { separator = "|" }\nstudent.age = { form = "x" }\nstudent.surname = "BSN"'
    assert len(problems(text)) == 3


def test_a_near_name_is_proposed() -> None:
    with pytest.raises(MappingFault, match=r"did you mean student\.birthDate"):
        load_mapping(b'[columns]\nstudent.brithDate = "A"')


def test_a_control_character_is_no_separator() -> None:
    told = found('[columns]\nproblemDomains = { separator = "x", from = "a\\u0001" }')
    assert {problem.code for problem in told} == {"mapping.separator", "text.refused_character"}


def test_a_near_key_is_proposed() -> None:
    with pytest.raises(MappingFault, match=r"did you mean separator"):
        load_mapping(b'seperator = ";"')
