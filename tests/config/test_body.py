"""Bodies that no form of ours sends."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PARTS = b'--xXx\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-x\r\n--xXx--\r\n'


@pytest.mark.parametrize("path", ["/accounts/login/", "/language", "/strategies/drafts", "/api/strategies"])
@pytest.mark.parametrize("charset", ["latin-1", "utf-7", "base64", "rot13", "idna", "undefined", "unicode_escape"])
@pytest.mark.parametrize(
    ("type", "body"), [(FORM, b"a=b"), ("multipart/form-data; boundary=xXx", PARTS)], ids=["form", "multipart"]
)
def test_what_is_not_in_utf_8_is_refused_by_name(path: str, charset: str, type: str, body: bytes) -> None:
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.create_user("ada"))

    answer = client.generic("POST", path, body, content_type=f"{type}; charset={charset}")

    assert (answer.status_code, answer.json()["code"]) == (415, "not_utf_8")
    assert charset in answer.json()["detail"]
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf_8_is_read_however_it_is_written(charset: str) -> None:
    answer = Client().generic("POST", "/accounts/login/", b"username=a", content_type=f"{FORM}; charset={charset}")

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/accounts/login/", "/language", "/strategies/drafts", "/api/strategies"])
def test_more_fields_than_any_form_has_are_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrftoken"] = "x" * 32
    body = b"&".join(b"f%d=1" % number for number in range(1_500))

    answer = client.generic("POST", path, body, content_type=FORM)

    assert answer.status_code in (400, 403)
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    ("accept", "language", "said"),
    [
        ("text/html,*/*;q=0.8", "de", "Das war mehr, als auf einmal gelesen werden kann"),
        ("text/html,*/*;q=0.8", "en", "That was more than can be read at once"),
        ("application/json", "de", '"code": "too_large"'),
    ],
)
def test_who_sends_too_much_is_told_on_a_page_and_a_program_as_a_problem(accept: str, language: str, said: str) -> None:
    headers = {"Accept": accept, "Accept-Language": language}

    answer = Client().generic("POST", "/strategies/new", b"a=" + b"x" * 1_000_001, content_type=FORM, headers=headers)

    assert answer.status_code == 413
    assert said in answer.content.decode()
