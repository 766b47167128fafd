"""Prepared runs and their models: simulated, or a real service's by its OpenAI-compatible API."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.rooms import playback
from bot.rooms.endpoint import Answered, Endpoint, Failed, completions
from bot.rooms.staging import Run
from content.loader import load
from dialogs.simulations.recorded_run import RecordedRun
from tests.channel.conftest import Client, Clock, Connector, Start
from tests.channel.test_live_rooms import HOST, TOKEN, Stage, open_room
from tests.waiting import until_answered

KEY = "a-key-that-nobody-sees"


@dataclass
class Service:
    """A chat service on loopback: it answers as the model that was asked tells it to."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Stream words, or fail in one of the ways that services do."""
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        match body["model"]:
            case "401" | "500":
                told = {"error": {"message": f"no, {KEY}"}}
                return web.json_response(told, status=int(body["model"]))
            case "429":
                return web.json_response({}, status=429, headers={"Retry-After": "7"})
            case "filter":
                return web.json_response({"error": {"code": "content_filter"}}, status=400)
            case "garbled":
                return web.Response(text="data: {", content_type="text/event-stream")
            case "whole":
                said = {"message": {"content": "All at once."}, "finish_reason": "stop"}
                return web.json_response({"choices": [said]})
            case "redirect":
                return web.Response(status=307, headers={"Location": "https://elsewhere.example"})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        if body["model"] == "slow":
            await response.write(_piece("I am "))
            await asyncio.sleep(30)
        if body["model"] == "endless":
            for _ in range(2000):
                await response.write(_piece("and on "))
            return response
        await response.write(b'data: {"choices": [], "prompt_filter_results": []}\n\n')
        for word in ("Gladly, ", f"says {body['model']}", ".\n<b>No markup</b>"):
            await response.write(_piece(word))
        if body["model"] != "broken":
            await response.write(_piece("", "stop"))
            await response.write(b"data: [DONE]\n\n")
        return response


def _piece(text: str, ending: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": ending}
    return f"data: {json.dumps({'choices': [choice]})}\n\n".encode()


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", made.answer)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/v1"))
    yield made
    await server.close()


async def test_whatever_a_service_does_is_told_and_never_raises(service: Service) -> None:
    async with ClientSession() as session:
        endpoint = Endpoint(session, service.url, KEY, wait_s=1.0)
        expected: dict[str, Callable[[object], bool]] = {
            "base": lambda one: one == Answered("Gladly, says base.\n<b>No markup</b>"),
            "whole": lambda one: one == Answered("All at once."),
            "broken": lambda one: isinstance(one, Answered) and one.is_cut,
            "endless": lambda one: isinstance(one, Answered) and one.is_cut,
            "401": lambda one: one == Failed("refused"),
            "429": lambda one: one == Failed("busy", 7),
            "500": lambda one: one == Failed("away"),
            "filter": lambda one: one == Failed("filtered"),
            "garbled": lambda one: one == Failed("garbled"),
            "redirect": lambda one: one == Failed("garbled"),
            "slow": lambda one: one == Failed("slow"),
        }
        for model, fits in expected.items():
            assert fits(answer := await endpoint.ask(model, "Hello?")), (model, answer)
        away = Endpoint(session, "http://127.0.0.1:9", KEY, wait_s=1.0)
        assert await away.ask("base", "Hello?") == Failed("away")
    assert set(service.keys) == {f"Bearer {KEY}"}


def test_the_address_is_completed_and_a_version_stays() -> None:
    azure = "https://name.openai.azure.com/openai/deployments/x?api-version=2024-10-21"
    assert completions("https://api.example/v1/") == "https://api.example/v1/chat/completions"
    assert completions(azure).endswith("/x/chat/completions?api-version=2024-10-21")
    assert completions(completions(azure)) == completions(azure)


async def page(client: Client, path: str) -> str:
    async with client.get(path, headers=HOST) as answer:
        assert answer.status == 200
        return await answer.text()


async def ask(client: Client, code: str, question: str) -> str:
    async with client.post(f"/models/{code}", data={"question": question}) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def test_a_real_service_is_asked_side_by_side_within_its_budget(
    start: Start, service: Service
) -> None:
    settings = {"STAGED_URL": service.url, "STAGED_KEY": KEY, "STAGED_CALLS": "4"}
    models = {"STAGED_BASE": "base", "STAGED_TUNED": "tuned"}
    client = await start(HOST_TOKEN=TOKEN, **settings, **models)
    stage = await open_room(client)
    first = await ask(client, stage.code, "Where is my order?")
    assert "says base" in first
    assert "says tuned" in first
    assert "<b>No markup" not in first
    assert "a real service, 127.0.0.1" in first
    asked = {one["model"]: one["messages"][-1]["content"] for one in service.asked}
    assert asked == {"base": "Where is my order?", "tuned": "Where is my order?"}
    # The host's question is for the big screen.
    async with client.post(
        f"/host/{stage.code}/ask", data={"question": "Can I return it?"}, headers=HOST
    ) as answer:
        assert answer.status == 200
    shown = await stage.screen()
    assert "Can I return it?" in shown
    assert "says tuned" in shown
    assert "budget of calls is used up" in await ask(client, stage.code, "One more?")
    assert len(service.asked) == 4
    assert KEY not in shown + first + await page(client, f"/host/{stage.code}")


async def test_a_run_is_prepared_once_and_outlives_a_restart(
    start: Start, connector: Connector
) -> None:
    del connector
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    path = f"/host/{stage.code}"
    assert "not prepared yet" in await page(client, path)
    assert "no run is prepared" in (await ask(client, stage.code, "Hello?")).lower()
    async with client.post(f"{path}/runs", data={"run": "basic"}, headers=HOST) as answer:
        assert answer.status == 200

    async def ready() -> bool:
        return "Its model answers" in await page(client, path)

    await until_answered(ready, 0.5, "the prepared run")
    client = await start(HOST_TOKEN=TOKEN)
    stage.client = client
    assert "Its model answers" in await page(client, path)
    said = await ask(client, stage.code, "Where is my order?")
    assert "Base model" in said
    assert "/5" in said  # the rubric is sure what that is about
    assert await stage.do("open", "basic-run") == 303
    shown = await stage.screen()
    assert "The job is queued" in shown
    async with client.get(f"/screen/{stage.code}/runs/basic-run/2.svg") as curve:
        assert curve.status == 200
        assert curve.content_type == "image/svg+xml"
    async with client.get(f"/screen/{stage.code}/runs/basic-run/9.svg") as curve:
        assert curve.status == 404


async def prepared(client: Client, stage: Stage, run: str) -> None:
    """Have a run prepared, as the host does the day before."""
    path = f"/host/{stage.code}"
    ready = (await page(client, path)).count("Its model answers")
    async with client.post(f"{path}/runs", data={"run": run}, headers=HOST) as answer:
        assert answer.status == 200

    async def is_ready() -> bool:
        return (await page(client, path)).count("Its model answers") > ready

    await until_answered(is_ready, 0.5, f"the run {run}")


async def asked(client: Client, stage: Stage, run: str, question: str) -> list[str]:
    """What both models of a run say."""
    form = {"question": question, "run": run}
    async with client.post(f"/models/{stage.code}", data=form) as answer:
        assert answer.status == 200
        return re.findall(r'<p class="said">(.*?)</p>', await answer.text(), re.DOTALL)


async def test_a_run_that_nobody_prepared_is_told_as_such_on_the_screen(start: Start) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    for run in ("basic-run", "distillation-run", "raft-run"):
        await stage.do("open", run)
        assert load().strings.room.play_missing in await stage.screen()


async def test_distillation_and_raft_are_prepared_played_back_and_asked(
    start: Start, clock: Clock
) -> None:
    client = await start(HOST_TOKEN=TOKEN)
    stage = await open_room(client)
    for run in ("distillation", "raft"):
        await prepared(client, stage, run)
    client = await start(HOST_TOKEN=TOKEN)  # what is prepared is kept
    stage.client = client
    await stage.do("open", "distillation-run")
    async with client.get(f"/screen/{stage.code}/runs/distillation-run/10.svg") as curve:
        assert curve.content_type == "image/svg+xml"
    async with client.get(f"/screen/{stage.code}/runs/distillation-run/11.svg") as curve:
        assert curve.status == 404
    clock.ahead += timedelta(seconds=60)
    shown = await stage.screen()
    assert "Right about held-out messages: the teacher 75%, the student 80%" in shown
    # Who names no run asks the one that was opened last.
    assert len(await asked(client, stage, "", "Where is my parcel?")) == 2
    topics = await asked(client, stage, "distillation", "Where is my parcel?")
    assert [one.partition(",")[0] for one in topics] == ["Delivery", "Delivery"]
    await stage.do("open", "raft-run")
    clock.ahead += timedelta(seconds=90)
    assert "before, 94% after" in await stage.screen()
    question = "How long does the TorqLite 18 take to charge?"
    before, after = await asked(client, stage, "raft", question)
    assert "60 minutes" in before
    assert "TorqLite 18” says" in after
    # The host's question goes to the big screen, with the names of that run's models.
    form = {"question": "What is the meaning of life?", "run": "raft"}
    async with client.post(f"/host/{stage.code}/ask", data=form, headers=HOST) as answer:
        assert answer.status == 200
    shown = await stage.screen()
    assert "Reader after RAFT" in shown
    assert "The documents don" in shown


def test_a_playback_goes_from_the_queue_to_the_end_in_under_a_minute() -> None:
    words = load().strings.room
    recorded = RecordedRun(
        recipe_key="k",
        losses=((2.0, 2.0), (1.0, 1.2), (0.5, 0.9), (0.3, 1.0), (0.2, 1.1)),
        every=15,
        figures={"precision": 0.94, "invented": 0.01},
        before={"precision": 0.52, "invented": 0.98},
    )
    run = Run("raft", "RAFT", "ready", 0.0, recorded, answers=True)
    stages = [playback.at(run, s).stage for s in (0, 5, 9, 20, 47, 48, 4000)]
    assert stages == ["queued", "validating", *["running"] * 3, "done", "done"]
    assert [playback.at(run, s).points for s in (9, 18, 28, 38, 48)] == [0, 1, 2, 3, 4]
    told = playback.outcome(run, words)
    assert "The best checkpoint is that of epoch 30." in told[0]
    assert told[1:] == (
        "Right of the answers given: 52% before, 94% after.",
        "Invented when the page was missing: 98% before, 1% after.",
    )
    assert playback.at(None, 9).stage == "missing"
    for points in range(5):
        assert playback.chart(run, points, words).startswith(b"<?xml")
