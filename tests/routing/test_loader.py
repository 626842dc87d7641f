"""Rule files that are wrong are refused, with the file, the rule and the reason."""

import re
from pathlib import Path
from typing import Final

import pytest

from app.routing import Rulebook, RulebookError, load_rulebook, rulebook_from
from app.routing.conditions import parse_condition

RULE: Final = "wgs.debts.adult"
# what is wrong, the file, what is replaced by what, the rule that is named, the reason
FAULTS: Final = [
    ("not TOML", "wgs.toml", "\nact = ", "\nact : ", None, "is not valid TOML"),
    ("unknown key in a file", "wgs.toml", r"\[\[rule\]\]\nid = \"wgs.debts.adult", '[[rules]]\nid = "x',
     None, "unknown key 'rules'"),
    ("unknown key in a rule", "wgs.toml", "order = 90", "order = 90\nweight = 2", RULE,
     "unknown key 'weight'"),
    ("a rule without id", "wgs.toml", f'id = "{RULE}"\n', "", None, "id is missing"),
    ("a rule without order", "wgs.toml", "order = 90\n", "", RULE, "order is missing"),
    ("a rule without a first day", "wgs.toml", r"(order = 90\n)valid_from = .*?\n", r"\1", RULE,
     "valid_from is missing"),
    ("a rule without example", "wgs.toml", r"example = \{ age = 18 \}\ncounter", "counter", RULE,
     "example is missing"),
    ("an id that is there twice", "wgs.toml", RULE, "wgs.debts.minor", "wgs.debts.minor", "is there twice"),
    ("no citation", "wgs.toml", r'\["access", "first_talk"\]', "[]", RULE, "has no citation"),
    ("unknown citation", "wgs.toml", r'\["access", "first_talk"\]', '["nowhere"]', RULE,
     "nowhere is missing or unknown"),
    ("a citation with an unknown key", "wgs.toml", 'article = "4\\(1\\)"', 'article = "4(1)", page = 3',
     RULE, "page"),
    ("a citation of unknown status", "wgs.toml", 'article = "4\\(1\\)", status = "P"',
     'article = "4(1)", status = "X"', RULE, "status 'X'"),
    ("surer than its weakest citation", "wgs.toml", 'article = "4\\(1\\)", status = "P"',
     'article = "4(1)", status = "O"', RULE, r"confidence high is above its weakest citation \(medium\)"),
    ("unknown confidence", "wgs.toml", 'confidence = "high"', 'confidence = "sure"', RULE,
     "confidence 'sure' is not one of"),
    ("an example that does not match", "wgs.toml", r"(?<=\n)example = \{ age = 18 \}",
     "example = { age = 17 }", RULE, "its example does not match"),
    ("a counterexample that matches", "wgs.toml", r"counterexample = \{ age = 17 \}",
     "counterexample = { age = 19 }", RULE, "its counterexample matches"),
    ("no counterexample", "wgs.toml", r"counterexample = \{ age = 17 \}", "unconditional = true", RULE,
     "is unconditional but has conditions"),
    ("an example of an unknown fact", "wgs.toml", r"(?<=\n)example = \{ age = 18 \}",
     "example = { age = 18, mood = 1 }", RULE, "mood is missing or unknown"),
    ("an example of an unknown value", "wgs.toml", r"(?<=\n)example = \{ age = 18 \}",
     'example = { age = 18, stay = "hotel" }', RULE, "example stay = 'hotel' is not one of"),
    ("unknown fact", "wgs.toml", r'"age.from:18"', '"mood.is:good"', RULE, "unknown fact 'mood'"),
    ("unknown value", "wgs.toml", r'"age.from:18"', '"stay.is:hotel"', RULE, "stay is one of"),
    ("an age that is no border", "wgs.toml", r'"age.from:18"', '"age.from:19"', RULE, "age is one of"),
    ("unknown operator", "wgs.toml", r'"age.from:18"', '"age.above:18"', RULE, "is not of the form"),
    ("a condition that is no text", "wgs.toml", r'\["age.from:18"\]', "[18]", RULE, "no attribute"),
    ("unknown provision", "wgs.toml",
     r'provision = "wgs"\n(problem_domains = \["debts"\]\nwhen = \["age.from)',
     r'provision = "wsg"\n\1', RULE, "provision 'wsg' is not one of"),
    ("unknown domain", "wgs.toml", r'\["debts"\]\nwhen = \["age.from', '["depts"]\nwhen = ["age.from', RULE,
     "problem_domains has the unknown"),
    ("no domain", "wgs.toml", r'\["debts"\]\nwhen = \["age.from', '[]\nwhen = ["age.from', RULE,
     "names no problem domain"),
    ("unknown receiver", "wgs.toml", r'\["primary:debt_service"\]', '["primary:bank"]', RULE,
     "receiver 'primary:bank'"),
    ("unknown role", "wgs.toml", r'\["primary:debt_service"\]', '["first:debt_service"]', RULE,
     "receiver 'first:debt_service'"),
    ("unknown limb", "wgs.toml", "order = 90", 'order = 90\nlimb = "left"', RULE, "limb 'left'"),
    ("unknown residence", "wgs.toml", "order = 90", 'order = 90\nresidence = "aunt"', RULE,
     "residence 'aunt'"),
    ("unknown consent", "wgs.toml", "order = 90", 'order = 90\nconsent = "none"', RULE, "consent 'none'"),
    ("unknown warning", "wgs.toml", "order = 90", 'order = 90\nwarnings = ["OOPS"]', RULE, "unknown 'OOPS'"),
    ("unknown term", "wgs.toml", r'\["debt_first_talk"\]', '["soon"]', RULE, "unknown 'soon'"),
    ("an order that is no number", "wgs.toml", "order = 90", 'order = "last"', RULE,
     "order is not a whole number"),
    ("a last day before the first", "wgs.toml", "order = 90", "order = 90\nvalid_to = 2014-12-31", RULE,
     "valid_to is before valid_from"),
    ("a day that is no date", "wgs.toml", "order = 90", 'order = 90\nvalid_to = "soon"', RULE,
     "valid_to is not a date"),
    ("a reason in one language", "wgs.toml", r"because.en = \"The municipality.*?\n", "", RULE, "en"),
    ("a reason that is no text", "wgs.toml", r"because.en = \"The municipality.*?\n", "because.en = 3\n",
     RULE, "is no text"),
    ("a warning without text", "warnings.toml", 'en = "Let a person.*?\n', "", "HUMAN_REVIEW",
     "en is missing"),
    ("a warning with an unknown key", "warnings.toml", '(code = "AGE_18_TODAY")', r"\1\nloud = true",
     "AGE_18_TODAY", "unknown key 'loud'"),
    ("a warning with an unknown day", "warnings.toml", 'on = "birthday_18"', 'on = "birthday_19"',
     "AGE_18_TODAY", "on 'birthday_19' is not one of"),
    ("a warning with an unknown term", "warnings.toml", 'deadline = "debt_', 'deadline = "dept_',
     "WGS_THREE_WORKING_DAYS", "unknown 'dept_"),
    ("a warning with two texts", "warnings.toml", 'en = "Do the child check: are', 'en = "Check: are',
     "KINDCHECK", "has two different texts"),
    ("a warning without code", "warnings.toml", '(code = )"AGE_18_TODAY"', r'\1""', "", "has a code"),
    ("a warning that ends before it starts", "warnings.toml", "valid_to = 2021-12-31",
     "valid_from = 2022-01-01\nvalid_to = 2021-12-31", "LAW_VERSION_PRE2022", "valid_to is before"),
    ("a warning that the program raises is missing", "warnings.toml", 'code = "LAW_HORIZON"',
     'code = "LAW_HORIZON_2"', "LAW_HORIZON", "is missing or unknown"),
    ("warnings of another shape", "warnings.toml", ".*", "warning = [1]", None, "no attribute"),
    ("no warnings", "warnings.toml", ".*", "", None, "warning is missing"),
    ("no terms", "rulebook.toml", r"\[terms\].*", "", None, "terms is missing"),
    ("a term of another shape", "rulebook.toml", r"\[terms\].*", "[terms]\nx = 3", None, "mapping"),
    ("no version", "rulebook.toml", 'version = .*?\n', "", None, "version is missing"),
    ("a check day that is no date", "rulebook.toml", "checked_until = .*?\n", "checked_until = 3\n", None,
     "checked_until is not a date"),
    ("a word that is missing", "words.toml", "wgs = .*?\n", "", "wgs", "is missing or unknown"),
    ("a question that is missing", "words.toml", "homeMunicipality = .*?\n", "", "homeMunicipality",
     "is missing or unknown"),
    ("a sentence that is missing", "words.toml", "triage = .*?\n", "", "triage", "is missing or unknown"),
    ("words in one language", "words.toml", 'gp = .*?\n', 'gp = { nl = "huisarts" }\n', "gp", "en"),
    ("an open point without its check", "open_points.toml", r'check = "The protocol of Veilig Thuis."', "",
     "15", "check is missing"),
    ("an open point without words", "open_points.toml", r'check = "The protocol[^"]*"', 'check = ""',
     "15", "in words"),
    ("an open point on an unknown rule", "open_points.toml", "vt.safety", "vt.danger",
     "15", "names the unknown 'vt.danger'"),
    ("an open point with an unknown key", "open_points.toml", "number = 15", "number = 15\nnote = 1",
     "15", "unknown key 'note'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "rule", "reason"),
    [pytest.param(*rest, id=name) for name, *rest in FAULTS],
)
def test_a_wrong_file_is_refused(
    file: str, pattern: str, replacement: str, rule: str | None, reason: str, book: Rulebook
) -> None:
    text = wrong(file, book.files[file], pattern, replacement)
    with pytest.raises(RulebookError, match=re.compile(reason)) as refused:
        rulebook_from({**book.files, file: text})
    assert (refused.value.file, refused.value.rule) == (file, rule)
    assert str(refused.value).startswith(f"{file}: ")


def wrong(file: str, text: str, pattern: str, replacement: str) -> str:
    """The text with one match replaced: the last one in the act's file, where the adult's rule stands."""
    found = list(re.finditer(pattern, text, re.DOTALL))
    match = found[-1 if file == "wgs.toml" else 0]
    return text[: match.start()] + match.expand(replacement) + text[match.end() :]


@pytest.mark.parametrize("file", ["open_points.toml", "rulebook.toml", "warnings.toml", "words.toml"])
def test_a_missing_file_is_refused(file: str, book: Rulebook) -> None:
    without = {name: text for name, text in book.files.items() if name != file}
    with pytest.raises(RulebookError, match=f"{file}: is missing"):
        rulebook_from(without)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="is missing"):
        load_rulebook(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulebookError, match="cannot be read") as refused:
        load_rulebook(tmp_path)
    assert (refused.value.file, refused.value.rule) == (tmp_path.name, None)


def test_a_rulebook_is_known_by_the_hash_of_its_files(book: Rulebook) -> None:
    again = rulebook_from(dict(reversed(list(book.files.items()))))
    changed = rulebook_from({**book.files, "wgs.toml": book.files["wgs.toml"] + "\n"})
    assert again.hash == book.hash != changed.hash
    assert book.hash.startswith("sha256:")


def test_a_rule_says_its_conditions_as_the_file_does(book: Rulebook) -> None:
    (rule,) = [rule for rule in book.rules if rule.id == "jw-crim.justice.adult"]
    assert rule.when == ("age.from:18", "criminal.is:juvenile_law")


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("age.from:18", "age.under:18"),
        ("age.under:18", "age.from:18"),
        ("stay.is:shelter|youth_prison", "stay.not:shelter|youth_prison"),
        ("stay.not:none", "stay.is:none"),
    ],
)
def test_the_opposite_of_a_condition_allows_all_other_values(text: str, opposite: str) -> None:
    condition = parse_condition(text)
    assert condition.opposite == opposite
    assert condition.allowed.isdisjoint(parse_condition(opposite).allowed)
