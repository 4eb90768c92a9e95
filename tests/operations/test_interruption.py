"""Ctrl-C at a bad moment: where a library swallows it, or asyncio forgets it, it is heard after the step.

Played in a process of its own: here, a Ctrl-C may come out in whatever else runs at that moment.
"""

import subprocess
import sys

import pytest

SWALLOWED = """
before = signal.getsignal(signal.SIGINT)
with Interruption() as interruption:
    interruption.heed()
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    print("the step goes on")
    heed(interruption)
print("as before" if signal.getsignal(signal.SIGINT) is before else "changed")
"""
FORGOTTEN = """
async def stubborn():
    with contextlib.suppress(BaseException):
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(1)

before = signal.getsignal(signal.SIGINT)
with Interruption() as interruption:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(stubborn())
    print("the step goes on")
    heed(interruption)
print("as before" if signal.getsignal(signal.SIGINT) is before else "changed")
"""
BEGINNING = """
import asyncio, contextlib, signal
from bot.demo.interruption import Interruption

def heed(interruption):
    try:
        interruption.heed()
    except KeyboardInterrupt:
        print("heard")
"""


@pytest.mark.parametrize("step", [SWALLOWED, FORGOTTEN], ids=["swallowed", "forgotten"])
def test_a_ctrl_c_that_the_step_has_lost_is_heard_after_it(step):
    done = subprocess.run([sys.executable, "-c", BEGINNING + step], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["the step goes on", "heard", "as before"]
