"""Telegram on this machine: a local Bot API server, people's phones, and a page to look at them.

Nothing leaves the machine. Any Bot API library talks to it unchanged, given its address.
"""
