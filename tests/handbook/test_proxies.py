"""The proxies' files as they are printed: what the campaign tries with them is in them, and sizes are the service's own."""

from __future__ import annotations

import re

from api.settings import Settings
from optimiser.handbook import HERE

FILES = HERE / "pages" / "files"
MIB = 1024 * 1024


def test_of_nginx_no_address_is_changed_logged_or_asked_twice() -> None:
    text = (FILES / "nginx.conf").read_text(encoding="utf-8")
    passed = re.findall(r"proxy_pass (\S+);", text)
    assert set(passed) == {"http://optimiser"}, "a path behind the name would decode what came"
    for needed in ("next_upstream off;", "proxy_buffering off;", "proxy_http_version 1.1;", "X-Forwarded-For $remote_addr;"):
        assert text.count(needed) == len(passed), needed
    assert "access_log off;" in text
    assert re.search(r"error_log \S+ crit;", text)
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
    assert not re.search(r"listen (\S*:)?80\b|return 30", text)
    sizes = [int(each) * MIB for each in re.findall(r"client_max_body_size (\d+)m;", text)]
    assert sizes == [Settings().max_body_bytes, Settings().max_import_bytes]


def test_of_caddy_neither() -> None:
    text = (FILES / "caddy.conf").read_text(encoding="utf-8")
    assert "auto_https disable_redirects" in text
    assert "protocols tls1.2 tls1.3" in text
    assert re.search(r"exclude http\.log\.error http\.handlers\.reverse_proxy http\.log\.access", text)
    assert "lb_try_duration 0s" in text
    assert "header_up X-Forwarded-For {remote_host}" in text
    assert not re.search(r"^\s*(uri|rewrite|handle_path|route) ", text, re.MULTILINE), "a path goes on as it came"
    assert [int(each) * MIB for each in re.findall(r"max_size (\d+)MiB", text)] == [Settings().max_import_bytes]
    assert [int(each) for each in re.findall(r"Content-Length\}\) > (\d+)`", text)] == [Settings().max_body_bytes]


def test_both_speak_to_the_service_where_it_listens() -> None:
    for name in ("nginx.conf", "caddy.conf"):
        assert f"{Settings().host}:{Settings().port}" in (FILES / name).read_text(encoding="utf-8")
