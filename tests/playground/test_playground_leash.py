"""The playground as a child of another program: it tells where it listens, and outlives nobody."""

import asyncio
import sys

import aiohttp


async def begin(*options: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", "--leash", *options, stdin=pipe, stdout=pipe, stderr=pipe
    )


async def test_it_tells_where_it_listens_and_ends_with_its_input():
    process = await begin("--port", "0")
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as http, http.get(f"{url}/playground/clock") as answer:
        assert answer.status == 200
    process.stdin.close()
    assert await process.wait() == 0
    assert await process.stderr.read() == b""


async def test_a_taken_port_is_no_address():
    first = await begin("--port", "0")
    port = (await first.stdout.readline()).decode().strip().rpartition(":")[2]
    second = await begin("--port", port)
    told, said = await second.communicate()
    first.terminate()
    assert (second.returncode, told) == (3, b"")
    assert len(said.splitlines()) == 1
    assert await first.wait() == 0
