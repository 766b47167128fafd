"""Who hosts and who sees figures: tokens are not guessed, cookies not made, pages not misled."""

import base64
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.http import access, wire
from bot.http.access import Access, Purpose, own_path
from bot.http.parts import Part, application
from bot.http.rate_limits import GUESSING, RateLimits
from bot.http.wire import numbered
from bot.settings import Settings
from bot.store import credentials
from bot.store.database import Store
from content.loader import load
from tests.channel.conftest import Client, Start
from tests.channel.test_page import stranger

pytestmark = pytest.mark.usefixtures("no_fault")

HOST_TOKEN, INSIGHTS_TOKEN = "correct-horse-battery-staple", "another-token-for-figures"
TOKENS = {"HOST_TOKEN": HOST_TOKEN, "INSIGHTS_TOKEN": INSIGHTS_TOKEN}
PAGE = {"Accept": "text/html"}
HOSTILE = "\"><script>alert('x')</script>"


LANGUAGES = {name: one.strings.access for name, one in load().languages.items()}
WORDS = LANGUAGES["en"]


def for_hosts_and_operators(made: Access) -> Part:
    """A throw-away part: a page for hosts, and figures for operators."""

    @made.only(Purpose.HOST)
    async def stage(request: web.Request) -> web.Response:
        return web.Response(text=f"{request.method} on the stage")

    @made.only(Purpose.INSIGHTS)
    async def figures(request: web.Request) -> web.Response:
        return web.json_response({"learners": 3, "asked": request.method})

    return Part([web.route("*", "/stage", stage), web.get("/figures", figures)])


Begin = Callable[..., Awaitable[Client]]


@pytest.fixture
async def begin() -> AsyncIterator[Begin]:
    """Serve the sign-in page and that part; the client keeps cookies as a browser does."""
    browsers: list[Client] = []

    async def made(**settings: str) -> Client:
        read = Settings.model_validate(settings or TOKENS)
        opened = Access(read, b"key of the installation", RateLimits(0), LANGUAGES)
        served = [
            Part(middlewares=[numbered, wire.guarded]),
            Part(opened.routes()),
            for_hosts_and_operators(opened),
        ]
        browser = TestClient(TestServer(application(served)), cookie_jar=CookieJar(unsafe=True))
        await browser.start_server()
        browsers.append(browser)
        return browser

    yield made
    for browser in browsers:
        await browser.close()


async def sign_in(client: Client, token: str = HOST_TOKEN, **fields: str) -> tuple[int, str, str]:
    """Send the form: the status, where it leads, and the page."""
    form = {"for": "host", "next": "/stage", "token": token, **fields}
    async with client.post("/sign-in", data=form, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def status(client: Client, path: str = "/stage", method: str = "GET", **headers: str) -> int:
    async with client.request(method, path, headers=headers) as answer:
        return answer.status


async def test_a_host_signs_in_and_out(begin: Begin) -> None:
    client = await begin()
    async with client.get("/stage?act=2", headers=PAGE) as answer:
        page = await answer.text()
        assert answer.status == 401
        assert answer.headers["Content-Security-Policy"] == access.POLICY
        assert answer.headers["Cache-Control"] == "no-store"
        assert 'name="next" value="/stage?act=2"' in page
        assert 'lang="en"' in page
    form = {"for": "host", "next": "/stage?act=2", "token": f" {HOST_TOKEN}\n"}
    async with client.post("/sign-in", data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/stage?act=2")
        cookie = answer.headers["Set-Cookie"]
    assert all(
        part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800")
    )
    assert "Secure" not in cookie
    assert HOST_TOKEN not in cookie
    assert await status(client) == 200
    async with client.get("/sign-in?for=host&next=/stage") as answer:
        page = await answer.text()
    assert "Sign out" in page
    assert 'href="/stage"' in page
    async with client.post("/sign-out", data={"for": "host"}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?for=host")
    assert await status(client) == 401


async def test_a_part_of_the_running_tutor_is_for_hosts_alone(start: Start) -> None:
    async def add(settings: Settings, store: Store) -> Part:
        key = await store.run(lambda db: credentials.key(db, "access"))
        return for_hosts_and_operators(Access(settings, key, RateLimits(0), LANGUAGES))

    client = await start(add=add, **TOKENS)
    browser = stranger(client)
    async with browser.get("/stage", headers=PAGE) as answer:
        assert answer.status == 401
    async with browser.post("/sign-in", data={"for": "host", "token": HOST_TOKEN}) as answer:
        assert answer.url.path == "/"
    async with browser.get("/stage") as answer:
        assert await answer.text() == "GET on the stage"
    await browser.session.close()


async def test_the_page_speaks_the_browsers_language(begin: Begin) -> None:
    client = await begin()
    german = {"Accept-Language": "de-AT, en;q=0.5"}
    async with client.get("/sign-in?for=host", headers=german) as answer:
        page = await answer.text()
        assert answer.headers["Vary"] == "Accept-Language"
    assert '<html lang="de">' in page
    assert LANGUAGES["de"].sign_in in page
    assert LANGUAGES["de"].host in page
    form = {"for": "host", "token": "guessed"}
    async with client.post("/sign-in", data=form, headers=german) as answer:
        assert answer.status == 401
        assert LANGUAGES["de"].wrong in await answer.text()
    async with client.get("/sign-in?for=host", headers={"Accept-Language": "fr"}) as answer:
        page = await answer.text()
    assert '<html lang="en">' in page
    assert WORDS.sign_in in page


async def test_behind_https_the_cookie_is_secure(begin: Begin) -> None:
    client = await begin(**TOKENS, PUBLIC_URL="https://tutor.example")
    form = {"for": "host", "token": HOST_TOKEN}
    async with client.post("/sign-in", data=form, allow_redirects=False) as answer:
        assert "Secure" in answer.headers["Set-Cookie"]


async def test_a_script_shows_the_token_with_each_request(begin: Begin) -> None:
    client = await begin()
    async with client.get("/figures") as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert (await answer.json())["error"]["message"] == "this needs the operator's token"
    assert await status(client, "/figures", Authorization=f"Bearer {INSIGHTS_TOKEN}") == 200
    assert await status(client, method="POST", Authorization=f"bearer {HOST_TOKEN}") == 200
    for wrong in (HOST_TOKEN, "", "Bearer", f"{INSIGHTS_TOKEN} "):
        assert await status(client, "/figures", Authorization=f"Bearer {wrong}x") == 401
    assert await status(client, "/figures", Authorization=f"Basic {INSIGHTS_TOKEN}") == 401


async def test_without_a_token_nothing_is_there(begin: Begin) -> None:
    client = await begin(LOG_FORMAT="json")
    for path in ("/stage", "/figures", "/sign-in?for=host", "/sign-in"):
        async with client.get(path, headers=PAGE) as answer:
            said = await answer.text()
        async with client.get("/nothing", headers=PAGE) as nothing:
            assert (answer.status, said) == (404, await nothing.text())
    client = await begin(HOST_TOKEN=HOST_TOKEN)
    assert await status(client, "/figures", Authorization="Bearer ") == 404
    assert await status(client, "/sign-in?for=insights") == 404
    assert await status(client, "/sign-in?for=host") == 200


async def test_who_guesses_has_to_wait_and_is_told_so_kindly(begin: Begin) -> None:
    client = await begin()
    for _ in range(GUESSING.amount):
        code, _, page = await sign_in(client, "a-guess-of-a-token")
        assert code == 401
        assert "copy it once more" in page
    # Now the right one is refused too: else the answers would still tell it from the others.
    for token in ("a-guess-of-a-token", HOST_TOKEN):
        form = {"for": "host", "token": token}
        async with client.post("/sign-in", data=form, allow_redirects=False) as answer:
            assert answer.status == 429
            wait_s = answer.headers["Retry-After"]
            assert f"Please wait {wait_s} seconds" in await answer.text()
            assert "Set-Cookie" not in answer.headers


async def test_a_script_that_guesses_has_to_wait(begin: Begin) -> None:
    client = await begin()
    for _ in range(GUESSING.amount):
        assert await status(client, Authorization="Bearer guess") == 401
    for token in ("guess", HOST_TOKEN):
        assert await status(client, Authorization=f"Bearer {token}") == 429


async def test_who_knows_the_token_may_come_as_often_as_they_like(begin: Begin) -> None:
    client = await begin()
    for _ in range(3 * GUESSING.amount):
        assert await status(client, Authorization=f"Bearer {HOST_TOKEN}") == 200


async def test_a_cookie_is_good_for_its_purpose_alone(begin: Begin) -> None:
    client = await begin()
    await sign_in(client)
    assert await status(client) == 200
    assert await status(client, "/figures") == 401
    value = client.session.cookie_jar.filter_cookies(client.make_url("/"))["tutor_host"].value
    assert await status(client, "/figures", Cookie=f"tutor_insights={value}") == 401
    code, _, _ = await sign_in(client, HOST_TOKEN, **{"for": "insights"})
    assert code == 401


async def test_a_cookie_that_was_changed_opens_nothing(begin: Begin) -> None:
    client = await begin()
    await sign_in(client)
    value = client.session.cookie_jar.filter_cookies(client.make_url("/"))["tutor_host"].value
    client.session.cookie_jar.clear()
    ends, _, signature = value.partition(".")
    assert await status(client, Cookie=f"tutor_host={value}") == 200
    changed = [
        f"{int(ends) + 1}.{signature}",
        f"{ends}0.{signature}",
        f"{ends}.{signature[:-1]}",
        f"{ends}.{signature.upper()}",
        f"{ends}.",
        f".{signature}",
        ends,
        "",
        "9999999999.",
        "٣٣٣." + "0" * 64,
        "x" * 4000,
    ]
    for one in changed:
        assert await status(client, Cookie=f"tutor_host={one}") == 401, one


async def test_a_cookie_ends(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await begin()
    now = time.time()
    monkeypatch.setattr("bot.http.access.time.time", lambda: now - access.SIGNED_IN_S - 1)
    await sign_in(client)
    value = client.session.cookie_jar.filter_cookies(client.make_url("/"))["tutor_host"].value
    assert await status(client, Cookie=f"tutor_host={value}") == 200
    monkeypatch.undo()
    assert await status(client, Cookie=f"tutor_host={value}") == 401


async def test_another_token_makes_the_cookies_of_the_former_worthless(begin: Begin) -> None:
    client = await begin()
    await sign_in(client)
    value = client.session.cookie_jar.filter_cookies(client.make_url("/"))["tutor_host"].value
    again = await begin()
    assert await status(again, Cookie=f"tutor_host={value}") == 200
    again = await begin(HOST_TOKEN="a-token-that-was-changed")
    assert await status(again, Cookie=f"tutor_host={value}") == 401


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example/",
        r"/\evil.example/",
        r"\/evil.example",
        "/ok\\..\\..\\evil",
        "javascript:alert(1)",
        "evil.example",
        "/stage\r\nSet-Cookie: a=b",
        "/stage\u2028",
        "/\tevil.example",
        " //evil.example",
        "/" + "x" * 2000,
        "",
    ],
)
async def test_nobody_is_led_to_another_site(begin: Begin, away: str) -> None:
    client = await begin()
    code, location, _ = await sign_in(client, next=away)
    assert (code, location) == (303, "/")
    async with client.get("/sign-in", params={"for": "host", "next": away}) as answer:
        assert 'href="/"' in await answer.text()
        assert "Set-Cookie" not in answer.headers


def test_a_path_of_this_site_is_kept() -> None:
    for path in ("/", "/stage", "/stage?act=2&x=a%20b", "/a//b", "/stage#top"):
        assert own_path(path) == path


async def test_markup_in_what_is_given_stays_text(begin: Begin) -> None:
    client = await begin()
    for answer in (
        await client.get("/sign-in", params={"for": "host", "next": f"/{HOSTILE}"}),
        await client.get(f"/stage?{HOSTILE}", headers=PAGE),
        await client.post("/sign-in", data={"for": "host", "next": "/", "token": HOSTILE}),
    ):
        page = await answer.text()
        assert "<script" not in page
        assert len(re.findall("<input", page)) == 3
    async with client.get("/sign-in", params={"for": HOSTILE}) as answer:
        assert answer.status == 404
        assert "script" not in await answer.text()


async def test_another_sites_page_signs_nobody_in_or_out(begin: Begin) -> None:
    client = await begin()
    await sign_in(client)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        for path in ("/sign-in", "/sign-out"):
            form = {"for": "host", "token": HOST_TOKEN}
            async with client.post(path, data=form, headers=headers) as answer:
                assert answer.status == 403
                assert "came from another page" in await answer.text()
                assert "Set-Cookie" not in answer.headers
        # Reading is harmless, and a cookie that is Strict doesn't even come along.
        assert await status(client, method="GET", **headers) == 200
        assert await status(client, method="POST", **headers) == 403
    assert await status(client, method="POST") == 200


async def test_odd_forms_are_refused(begin: Begin) -> None:
    client = await begin()
    form = "application/x-www-form-urlencoded"
    for body, kind, wanted in (
        (b"{}", "application/json", 415),
        (b"for=host", "multipart/form-data; boundary=x", 415),
        (b"for=host&token=%ff%fe", form, 400),
        (b"\xff\xfe", form, 400),
        (b"&".join(b"a=%d" % n for n in range(1000)), form, 400),
        (b"token=" + b"x" * 300_000, form, 413),
        (b"for=host&token=" + b"x" * 200_000, form, 401),
        (b"", form, 404),
    ):
        headers = {"Content-Type": kind}
        async with client.post("/sign-in", data=body, headers=headers) as answer:
            assert answer.status == wanted, body[:30]


TENANT = "0a1b2c3d-1111-2222-3333-0123456789ab"


def principal(tenant: str, claim: str = "tid") -> dict[str, str]:
    """The header by which Container Apps says whom it signed in."""
    told = {
        "auth_typ": "aad",
        "claims": [{"typ": "name", "val": "Ada"}, {"typ": claim, "val": tenant}],
    }
    return {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(json.dumps(told).encode()).decode()}


@pytest.mark.parametrize("claim", ["tid", "http://schemas.microsoft.com/identity/claims/tenantid"])
async def test_people_of_the_tenant_see_figures_and_nothing_else(begin: Begin, claim: str) -> None:
    client = await begin(INSIGHTS_TENANT=TENANT.upper(), HOST_TOKEN=HOST_TOKEN)
    ours = principal(TENANT, claim)
    async with client.get("/figures", headers=ours) as answer:
        assert (answer.status, (await answer.json())["learners"]) == (200, 3)
    async with client.get("/stage", headers=ours) as answer:
        assert answer.status == 401  # hosting needs its token
    async with client.get("/figures", headers=PAGE, allow_redirects=False) as answer:
        assert answer.status == 302
        where = "/.auth/login/aad?post_login_redirect_uri=%2Ffigures"
        assert answer.headers["Location"] == where
    async with client.get("/figures") as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    "header",
    [
        principal("ffffffff-1111-2222-3333-0123456789ab"),
        principal(""),
        principal(TENANT, "name"),
        {"X-MS-CLIENT-PRINCIPAL": "no base64!"},
        {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(b"[]").decode()},
        {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(b'{"claims": [{"typ": 3}]}').decode()},
        {"X-MS-CLIENT-PRINCIPAL": ""},
    ],
)
async def test_people_of_elsewhere_see_none(begin: Begin, header: dict[str, str]) -> None:
    client = await begin(INSIGHTS_TENANT=TENANT)
    async with client.get("/figures", headers={**header, **PAGE}) as answer:
        assert answer.status == 403


async def test_the_platforms_header_means_nothing_where_no_tenant_is_set(begin: Begin) -> None:
    client = await begin(**TOKENS)
    async with client.get("/figures", headers=principal(TENANT)) as answer:
        assert answer.status == 401
