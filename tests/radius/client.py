"""A RADIUS client that others wrote (pyrad), for tests: PORT SECRET USER CODE, and what is said to standard output."""

import io
import sys

from pyrad.client import Client, Timeout
from pyrad.dictionary import Dictionary
from pyrad.packet import AccessAccept

NAMES = io.StringIO(
    "ATTRIBUTE User-Name 1 string\n"
    "ATTRIBUTE User-Password 2 string\n"
    "ATTRIBUTE NAS-Identifier 32 string\n"
    "ATTRIBUTE Message-Authenticator 80 octets\n"
)

port, secret, user, code = sys.argv[1:5]
client = Client(
    server="127.0.0.1",
    authport=int(port),
    secret=secret.encode(),
    dict=Dictionary(NAMES),
    enforce_ma=True,
)
client.retries, client.timeout = 1, 20
request = client.CreateAuthPacket(User_Name=user, NAS_Identifier="test")
request["User-Password"] = request.PwCrypt(code)
try:
    reply = client.SendPacket(request)
except Timeout:
    print("timeout")
else:
    print("accept" if reply.code == AccessAccept else "reject")
