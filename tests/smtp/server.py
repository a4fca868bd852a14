"""A mail server of somebody else's making for the tests: aiosmtpd, and Python's own parser of what it got.

It prints one JSON object a line: its port, each command that it obeys, each letter. It reads one a line: how to behave
from now on. It ends with its input.
Arguments: none, `starttls CERT KEY` or `tls CERT KEY`.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

# What the server does; a line of input changes it.
BEHAVIOUR = {"rcpt": None, "data": None, "password": None, "delay": 0, "drop_after_data": False}


def say(**what: object) -> None:
    print(json.dumps(unicode(what)), flush=True)


def unicode(what):
    """Header fields in plain UTF-8 (RFC 6532) come out of Python's parser as escaped bytes."""
    if isinstance(what, str):
        return what.encode("utf-8", "surrogateescape").decode()
    if isinstance(what, dict):
        return {name: unicode(one) for name, one in what.items()}
    return [unicode(one) for one in what] if isinstance(what, list) else what


def letter(envelope, session, transport) -> dict:
    parsed = email.message_from_bytes(envelope.content, policy=email.policy.SMTPUTF8)
    part = {kind: parsed.get_body((kind,)) for kind in ("plain", "html")}
    return {
        "fields": [name.lower() for name in parsed.keys()],
        "message_id": parsed["message-id"],
        "subject": parsed["subject"],
        "language": parsed["content-language"],
        "date": parsed["date"].datetime.isoformat(),
        "from": [[one.display_name, one.addr_spec] for one in parsed["from"].addresses],
        "to": [[one.display_name, one.addr_spec] for one in parsed["to"].addresses],
        "text": part["plain"].get_content() if part["plain"] else None,
        "html": part["html"].get_content() if part["html"] else None,
        "defects": [str(one) for one in parsed.defects],
        "mail_from": envelope.mail_from,
        "rcpt_tos": envelope.rcpt_tos,
        "tls": transport.get_extra_info("ssl_object") is not None,
        "user": session.auth_data.decode() if session.auth_data else None,
    }


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        await asyncio.sleep(BEHAVIOUR["delay"])
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if BEHAVIOUR["rcpt"]:
            say(refused=address)
            return BEHAVIOUR["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        say(letter=letter(envelope, session, server.transport))
        if BEHAVIOUR["drop_after_data"]:
            server.transport.abort()
        return BEHAVIOUR["data"] or "250 OK taken"


def authenticate(server, session, envelope, mechanism, data):
    right = data.password.decode() == BEHAVIOUR["password"]
    say(auth=data.login.decode(), right=right)
    return AuthResult(success=right, handled=False, auth_data=data.login)


async def obey() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        BEHAVIOUR.update(json.loads(line))
        say(obeyed=BEHAVIOUR)


async def main(kind: str, *files: str) -> None:
    context = None
    if kind != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*files)
    settings = {"authenticator": authenticate, "auth_require_tls": False, "enable_SMTPUTF8": True}
    if kind == "starttls":
        settings |= {"tls_context": context, "require_starttls": True}
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Handler(), **settings), "127.0.0.1", 0, ssl=context if kind == "tls" else None
    )
    say(port=server.sockets[0].getsockname()[1])
    await obey()


if __name__ == "__main__":
    asyncio.run(main(*(sys.argv[1:] or ["plain"])))
