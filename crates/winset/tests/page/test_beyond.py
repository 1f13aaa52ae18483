"""The page for other machines: encrypted, and opened by a passphrase beside the link."""

import http.client
import re
import ssl
import subprocess
import time
import urllib.parse

import pytest

from conftest import WINSET

PHRASE = "correct horse battery staple"


@pytest.fixture
def served(tmp_path):
    certificate, key, secret = tmp_path / "page.pem", tmp_path / "page.key", tmp_path / "secret.txt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    secret.write_text(PHRASE + "\n")
    process = subprocess.Popen(
        [WINSET, "serve", "--json", "--listen", "127.0.0.1:0", "--tls-cert", str(certificate), "--tls-key", str(key),
         "--passphrase-file", str(secret)],
        stdout=subprocess.PIPE,
        text=True,
    )
    line = ""
    while "https" not in line:
        line = process.stdout.readline()
        assert line, "no link was printed"
    link = re.search(r"https://[^\"\s]+", line).group(0)
    assert PHRASE not in line
    yield link, ssl.create_default_context(cafile=str(certificate))
    process.kill()
    process.wait()


def ask(link, context, method, path, body=None, headers=None):
    at = urllib.parse.urlsplit(link)
    connection = http.client.HTTPSConnection(at.hostname, at.port, context=context, timeout=30)
    connection.request(method, path, body, {"Origin": f"https://{at.netloc}", **(headers or {})})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def test_the_link_alone_is_not_enough(served):
    link, context = served
    door = "/?" + urllib.parse.urlsplit(link).query
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ask(link, context, "GET", "/table")[0].status == 403
    answer, text = ask(link, context, "GET", door)
    assert answer.status == 200 and 'type="password"' in text and answer.getheader("set-cookie") is None
    started = time.monotonic()
    answer, text = ask(link, context, "POST", door, "passphrase=correct+horse+battery+stable", form)
    assert answer.status == 403 and answer.getheader("set-cookie") is None
    assert time.monotonic() - started >= 1, "a wrong passphrase is answered slowly"
    answer, _ = ask(link, context, "POST", door, urllib.parse.urlencode({"passphrase": PHRASE}), form)
    cookie = answer.getheader("set-cookie")
    assert answer.status == 303 and "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    answer, text = ask(link, context, "GET", "/situation", headers={"Cookie": cookie.split(";")[0]})
    assert answer.status == 200 and "<nav" in text


def test_it_is_not_spoken_in_the_clear(served):
    link, _ = served
    at = urllib.parse.urlsplit(link)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=15)
    with pytest.raises((http.client.HTTPException, ConnectionError, OSError)):
        connection.request("GET", "/situation")
        connection.getresponse()
