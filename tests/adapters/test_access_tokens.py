"""G17: of a table of crafted access tokens exactly the good ones pass."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, RSAKey

from app.adapters.access_tokens import LONGEST, AccessToken, BadToken, read_token
from tests.adapters.issuer import AUDIENCE, CLIENT, HOUR, ISSUER, Issuer, encoded

NOW = 1_795_000_000.0
KEY = RSAKey.generate_key(2048, private=True)
OTHER = RSAKey.generate_key(2048, private=True)
ISSUED = Issuer(KEY, NOW)
KEYS = {ISSUER: {"k1": KEY}, "https://elders.example": {"k2": OTHER}}
PUBLIC = KEY.as_pem(private=False)

Craft = Callable[[Issuer], str]


def with_key_of_itself(i: Issuer, **header: Any) -> str:
    return i.token({"kid": None, **header}, OTHER)


def unsigned(i: Issuer, alg: str = "none") -> str:
    return f"{encoded(i.header(alg=alg))}.{encoded(i.claims())}."


def changed(i: Issuer) -> str:
    head, _, signature = i.token().split(".")
    return f"{head}.{encoded(i.claims(scope='verwijsroute.operator'))}.{signature}"


def twice_signed(i: Issuer) -> str:
    head, payload, signature = i.token().split(".")
    members = [{"protected": head, "signature": signature}] * 2
    return json.dumps({"payload": payload, "signatures": members})


def flattened(i: Issuer) -> str:
    head, payload, signature = i.token().split(".")
    return json.dumps({"protected": head, "payload": payload, "signature": signature})


def encrypted(i: Issuer) -> str:
    header = {"alg": "RSA-OAEP", "enc": "A256GCM", "typ": "at+jwt", "kid": "k1"}
    return jwe.encrypt_compact(header, json.dumps(i.claims()), KEY)


def claimed_twice(i: Issuer) -> str:
    payload = json.dumps(i.claims())
    return i.signed(i.header(), payload[:-1] + f', "aud": "{AUDIENCE}"' + "}")


def in_header_twice(i: Issuer) -> str:
    head = json.dumps(i.header())[:-1] + ', "alg": "RS256"}'
    return i.signed(head, json.dumps(i.claims()))


def padded(i: Issuer) -> str:
    return i.token() + "="


def of_other_issuer(i: Issuer) -> str:
    return i.token({"kid": "k2"}, OTHER)


GOOD: dict[str, Craft] = {
    "as the profile has it": lambda i: i.token(),
    "signed with PS256": lambda i: i.token({"alg": "PS256"}),
    "typ in full": lambda i: i.token({"typ": "application/at+jwt"}),
    "for several, us among them": lambda i: i.token(aud=["https://elders.example", AUDIENCE]),
    "azp alone": lambda i: i.token(client_id=None, azp=CLIENT),
    "azp that agrees": lambda i: i.token(azp=CLIENT),
    "a fraction of a second": lambda i: i.token(exp=NOW + HOUR + 0.5),
    "a clock five seconds ahead": lambda i: i.token(iat=NOW + 5, nbf=NOW + 5),
    "five seconds past its end": lambda i: i.token(iat=NOW - HOUR, exp=NOW - 5),
    "six hours": lambda i: i.token(exp=NOW + 6 * HOUR),
    "claims that are not ours": lambda i: i.token(acr="urn:etoegang:core:assurance-class:loa3", extra=[1]),
    "scopes of others": lambda i: i.token(scope="openid verwijsroute.referrer other.referrer"),
}
BAD: dict[str, Craft] = {
    "alg none": unsigned,
    "alg none in capitals": lambda i: unsigned(i, "NONE"),
    "the public key as a secret": lambda i: i.token({"alg": "HS256"}, PUBLIC),
    "an algorithm that is not taken": lambda i: i.token({"alg": "RS512"}),
    "another kind of key": lambda i: i.token({"alg": "ES256"}, ECKey.generate_key("P-256", private=True)),
    "no signature": lambda i: i.token().rpartition(".")[0] + ".",
    "signature of another": lambda i: i.token(None, OTHER),
    "claims changed after signing": changed,
    "unknown kid": lambda i: i.token({"kid": "k9"}),
    "no kid": lambda i: i.token({"kid": None}),
    "kid that is a list": lambda i: i.token({"kid": ["k1"]}),
    "kid of another issuer": of_other_issuer,
    "key in the header": lambda i: with_key_of_itself(i, jwk=OTHER.as_dict(private=False)),
    "key in the header beside a known kid": lambda i: i.token({"jwk": KEY.as_dict(private=False)}),
    "address of a key in the header": lambda i: i.token({"jku": "https://kwaad.example/jwks"}),
    "certificate in the header": lambda i: i.token({"x5c": ["AAAA"]}),
    "address of a certificate": lambda i: i.token({"x5u": "https://kwaad.example/x5u"}),
    "crit": lambda i: i.token({"crit": ["exp"], "exp": 1}),
    "payload not encoded": lambda i: i.token({"b64": True, "crit": ["b64"]}),
    "typ JWT": lambda i: i.token({"typ": "JWT"}),
    "no typ": lambda i: i.token({"typ": None}),
    "typ of an identity token": lambda i: i.token({"typ": "id+jwt"}),
    "another issuer": lambda i: i.token(iss="https://kwaad.example"),
    "an issuer with a slash more": lambda i: i.token(iss=f"{ISSUER}/"),
    "no issuer": lambda i: i.token(iss=None),
    "issuers in a list": lambda i: i.token(iss=[ISSUER]),
    "for another": lambda i: i.token(aud="https://elders.example"),
    "for nobody": lambda i: i.token(aud=None),
    "for others in a list": lambda i: i.token(aud=["https://elders.example"]),
    "for us and a number": lambda i: i.token(aud=[AUDIENCE, 1]),
    "azp that differs": lambda i: i.token(azp="een-ander"),
    "no client": lambda i: i.token(client_id=None),
    "a client that is empty": lambda i: i.token(client_id=""),
    "a client that is a number": lambda i: i.token(client_id=7),
    "sub that is empty": lambda i: i.token(sub=""),
    "no sub": lambda i: i.token(sub=None),
    "no end": lambda i: i.token(exp=None),
    "end as text": lambda i: i.token(exp=str(int(NOW) + HOUR)),
    "end that is true": lambda i: i.token(exp=True),
    "end without end": lambda i: i.signed(i.header(), json.dumps(i.claims(exp=float("inf")))),
    "end too large to reckon with": lambda i: i.token(exp=10**400),
    "over": lambda i: i.token(iat=NOW - HOUR, exp=NOW - 11),
    "from the future": lambda i: i.token(iat=NOW + 11),
    "not yet": lambda i: i.token(nbf=NOW + 11),
    "nbf as text": lambda i: i.token(nbf="0"),
    "no iat": lambda i: i.token(iat=None),
    "iat as text": lambda i: i.token(iat=str(int(NOW))),
    "ended before it began": lambda i: i.token(iat=NOW + 5, exp=NOW + 4),
    "a second over six hours": lambda i: i.token(exp=NOW + 6 * HOUR + 1),
    "no jti": lambda i: i.token(jti=None),
    "jti that can be guessed": lambda i: i.token(jti="17"),
    "scopes in a list": lambda i: i.token(scope=["verwijsroute.referrer"]),
    "claims twice": claimed_twice,
    "header twice": in_header_twice,
    "claims that are a list": lambda i: i.signed(i.header(), "[]"),
    "claims that are no JSON": lambda i: i.signed(i.header(), "kanarie"),
    "nested without end": lambda i: i.signed(i.header(), "[" * 2000),
    "two signatures": twice_signed,
    "JSON serialisation": flattened,
    "encrypted": encrypted,
    "padding": padded,
    "a line after it": lambda i: i.token() + "\n",
    "huge": lambda i: i.token(extra="x" * LONGEST),
    "letters of elsewhere": lambda i: i.token() + "\u00e9",
    "letters of elsewhere at the front": lambda i: "\u00e9" + i.token(),
    "empty": lambda _: "",
    "dots alone": lambda _: "..",
}


@pytest.mark.parametrize("craft", GOOD.values(), ids=GOOD)
def test_a_good_token_tells_its_client_and_roles(craft: Craft) -> None:
    found = read_token(craft(ISSUED), KEYS, AUDIENCE, NOW)
    assert found == AccessToken(ISSUER, CLIENT, frozenset({"referrer"}))


@pytest.mark.parametrize("craft", BAD.values(), ids=BAD)
def test_a_token_is_refused_that_is(craft: Craft) -> None:
    token = craft(ISSUED)
    with pytest.raises(BadToken) as refused:
        read_token(token, KEYS, AUDIENCE, NOW)
    assert str(refused.value) == ""


def test_a_key_signs_with_its_own_algorithm_alone() -> None:
    keys = {ISSUER: {"k1": RSAKey.import_key({**KEY.as_dict(private=False), "alg": "RS256"})}}
    read_token(ISSUED.token(), keys, AUDIENCE, NOW)
    with pytest.raises(BadToken):
        read_token(ISSUED.token({"alg": "PS256"}), keys, AUDIENCE, NOW)


def test_without_a_scope_of_ours_a_token_names_no_role() -> None:
    for scope in (None, "", "openid", "verwijsroute", "xverwijsroute.referrer"):
        assert read_token(ISSUED.token(scope=scope), KEYS, AUDIENCE, NOW).roles == frozenset()
