"""The OLAF protocol as a client speaks it, read a second time from
olaf-protocol(7) and on purpose without a look at lib/: keys and fingerprints,
the envelope in every dialect, chat between clients, and a client."""

import base64
import collections
import dataclasses
import functools
import hashlib
import json
import math
import os
import random
import re

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import websocket

KEYS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "keys")
PSS_MAX = padding.PSS.MAX_LENGTH
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def b64(octets):
    return base64.b64encode(octets).decode()


# Keys and fingerprints


def columns(der, label, width, newline):
    """A PEM text with lines of a certain length; 0 is all on one."""
    text = b64(der)
    width = width or len(text)
    lines = [text[at:at + width] for at in range(0, len(text), width)]
    return "\n".join([f"-----BEGIN {label}-----", *lines,
        f"-----END {label}-----"]) + ("\n" if newline else "")


class PublicKey:
    """A public key and all that may be derived from it."""

    def __init__(self, key):
        self.key = key
        encode = functools.partial(key.public_bytes,
            serialization.Encoding.DER)
        self.spki = encode(serialization.PublicFormat.SubjectPublicKeyInfo)
        self.pkcs1 = encode(serialization.PublicFormat.PKCS1)
        self.pem = columns(self.spki, "PUBLIC KEY", 0, False)
        self.fingerprint = b64(hashlib.sha256(self.pem.encode()).digest())

    @classmethod
    def parse(cls, pem):
        """From any PEM; cryptography wants lines of at most 76."""
        match = re.fullmatch(r"-----BEGIN ([A-Z ]+)-----\s(.*?)\s?"
            r"-----END \1-----\s*", pem, re.S)
        der = base64.b64decode("".join(match[2].split()), validate=True)
        text = columns(der, match[1], 64, True)
        return cls(serialization.load_pem_public_key(text.encode()))

    def pems(self):
        """Every form of PEM in use, by name."""
        return {
            "spki line": self.pem,
            "spki line newline": self.pem + "\n",
            "spki 64": columns(self.spki, "PUBLIC KEY", 64, False),
            "spki 64 newline": columns(self.spki, "PUBLIC KEY", 64, True),
            "spki 76": columns(self.spki, "PUBLIC KEY", 76, True),
            "spki 48": columns(self.spki, "PUBLIC KEY", 48, False),
            "pkcs1 line": columns(self.pkcs1, "RSA PUBLIC KEY", 0, False),
            "pkcs1 64": columns(self.pkcs1, "RSA PUBLIC KEY", 64, False),
            "pkcs1 64 newline":
                columns(self.pkcs1, "RSA PUBLIC KEY", 64, True),
        }

    def fingerprints(self, sent=None):
        """Every text that names this key, sent being its PEM as sent."""
        sent = self.pem if sent is None else sent
        pems = self.pems()
        bases = {
            "sent": sent.encode(),
            "sent less newline": (sent[:-1] if sent.endswith("\n")
                else sent).encode(),
            "line": self.pem.encode(),
            "64 newline": pems["spki 64 newline"].encode(),
            "64": pems["spki 64"].encode(),
            "der": self.spki,
        }
        texts = {}
        for name, octets in bases.items():
            digest = hashlib.sha256(octets).digest()
            texts[f"base64 of {name}"] = b64(digest)
            texts[f"hex of {name}"] = digest.hex()
            texts[f"base64 of hex of {name}"] = b64(digest.hex().encode())
        return texts

    def verifies(self, signature, octets):
        """RSASSA-PSS with the salt as long as it turns out to be."""
        try:
            self.key.verify(signature, octets, padding.PSS(
                padding.MGF1(hashes.SHA256()), padding.PSS.AUTO),
                hashes.SHA256())
        except InvalidSignature:
            return False
        return True


class Key(PublicKey):
    """A key pair."""

    def __init__(self, private):
        super().__init__(private.public_key())
        self.private = private

    @classmethod
    def read(cls, path):
        with open(path, "rb") as file:
            return cls(serialization.load_pem_private_key(file.read(), None))

    @classmethod
    def fresh(cls):
        return cls(rsa.generate_private_key(65537, 2048))

    def sign(self, octets, salt=32):
        return self.private.sign(octets, padding.PSS(
            padding.MGF1(hashes.SHA256()), salt), hashes.SHA256())

    def unwrap(self, octets):
        """The octets that were encrypted for this key, or None."""
        try:
            return self.private.decrypt(octets, OAEP)
        except ValueError:
            return None


class LightKey(PublicKey):
    """A key that nobody had, for crowds: a test key's primes with another
    exponent, made a hundred times as fast.  It signs here and not in
    cryptography, which would look at the primes again.  e: the exponent, if
    it must be a certain one."""

    def __init__(self, e=65538):
        numbers = test_key(1).private.private_numbers()
        self.p, self.q, self.iqmp = numbers.p, numbers.q, numbers.iqmp
        phi = (self.p - 1) * (self.q - 1)
        while math.gcd(e, phi) != 1:
            e = random.randrange(65537, 2 ** 32, 2)
        d = pow(e, -1, phi)
        self.dp, self.dq = d % (self.p - 1), d % (self.q - 1)
        super().__init__(rsa.RSAPublicNumbers(e, self.p * self.q).public_key())

    def sign(self, octets, salt=32):
        """RFC 8017 8.1.1, 2048 bits."""
        salt_octets = os.urandom(salt)
        digest = hashlib.sha256(bytes(8) + hashlib.sha256(octets).digest()
            + salt_octets).digest()
        size = 256 - len(digest) - 1
        seed = b"".join(hashlib.sha256(digest + number.to_bytes(4, "big"))
            .digest() for number in range(size // 32 + 1))[:size]
        block = (b"\1" + salt_octets).rjust(size, b"\0")
        masked = bytearray(x ^ y for x, y in zip(block, seed))
        masked[0] &= 0x7f
        message = int.from_bytes(masked + digest + b"\xbc", "big")
        one = pow(message % self.p, self.dp, self.p)
        two = pow(message % self.q, self.dq, self.q)
        answer = two + (one - two) * self.iqmp % self.p * self.q
        return answer.to_bytes(256, "big")


@functools.lru_cache(None)
def test_key(name):
    """One of the keys in keys/: a number from 1 to 9, or a name."""
    if isinstance(name, int):
        name = f"{name:02}"
    return Key.read(os.path.join(KEYS, f"{name}.pem"))


# JSON texts, which are signed as texts


TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.S)


def compact(text):
    """The text without insignificant white space."""
    return "".join(TOKENS.findall(text))


def spaced(text):
    """That with one space behind each comma and colon."""
    return "".join(token + " " if token in ",:" else token
        for token in TOKENS.findall(text))


def members(text):
    """[(name, text of the value)] of the object that the text is."""
    decoder = json.JSONDecoder()
    space = re.compile(r"[ \t\r\n]*")
    at = space.match(text).end()
    if text[at] != "{":
        raise ValueError("no object")
    found = []
    at = space.match(text, at + 1).end()
    while text[at] != "}":
        name, at = decoder.raw_decode(text, at)
        at = space.match(text, at).end()
        if text[at] != ":":
            raise ValueError("no colon")
        begin = space.match(text, at + 1).end()
        _, at = decoder.raw_decode(text, begin)
        found.append((name, text[begin:at]))
        at = space.match(text, at).end()
        if text[at] == ",":
            at = space.match(text, at + 1).end()
    return found


def in_order(text):
    """Compact text with the members of every object sorted by name; the
    spelling of names and values stays."""
    tokens = collections.deque(TOKENS.findall(text))

    def value():
        token = tokens.popleft()
        if token == "[":
            parts = []
            while tokens[0] != "]":
                parts.append(value())
                if tokens[0] == ",":
                    tokens.popleft()
            tokens.popleft()
            return "[" + ",".join(parts) + "]"
        if token != "{":
            return token
        parts = []
        while tokens[0] != "}":
            name = tokens.popleft()
            tokens.popleft()
            parts.append((json.loads(name), name, value()))
            if tokens[0] == ",":
                tokens.popleft()
        tokens.popleft()
        return "{" + ",".join(f"{name}:{text}"
            for _, name, text in sorted(parts)) + "}"

    return value()


# The envelope


@dataclasses.dataclass(frozen=True)
class Dialect:
    """How a client writes.  data: object or string; text: how D is written;
    signs: which form of D it signs, a (as written) to d; order: that of the
    envelope's members."""

    data: str = "object"
    text: str = "spaced"
    signs: str = "a"
    salt: object = 32
    order: str = "type data counter signature"
    ascii: bool = True

    def write(self, data):
        """The text of D from an object; a text is taken as it is."""
        if isinstance(data, str):
            return data
        options = {"ensure_ascii": self.ascii}
        if self.text == "compact":
            return json.dumps(data, separators=(",", ":"), **options)
        if self.text == "indented":
            return json.dumps(data, indent="\t", **options)
        if self.text == "wild":
            return json.dumps(data, separators=(" ,  ", "\r\n : "), **options)
        return json.dumps(data, **options)

    def signed(self, text, counter):
        """The octets that are signed."""
        if self.signs == "d":
            return (f'{{"counter":{counter},"data":'
                f"{in_order(text)}}}").encode()
        form = {"a": str, "b": compact, "c": spaced}[self.signs]
        return (form(text) + str(counter)).encode()

    def envelope(self, key, data, counter):
        """The whole message, as text."""
        text = self.write(data)
        values = {
            "type": '"signed_data"',
            "data": text if self.data == "object" else
                json.dumps(text, ensure_ascii=self.ascii),
            "counter": str(counter),
            "signature": json.dumps(b64(key.sign(self.signed(text, counter),
                self.salt))),
        }
        return join((name, values[name]) for name in self.order.split())


def join(pairs, separators=(", ", ": ")):
    """The text of an object from names and texts of values."""
    return "{" + separators[0].join(f'"{name}"{separators[1]}{value}'
        for name, value in pairs) + "}"


PLAIN = Dialect()


class Message:
    """A signed message that was received."""

    def __init__(self, octets):
        self.text = octets.decode()
        parts = dict(members(self.text))
        if json.loads(parts["type"]) != "signed_data":
            raise ValueError("not signed_data")
        self.digits = parts["counter"]
        self.counter = int(self.digits)
        self.signature = base64.b64decode(json.loads(parts["signature"]),
            validate=True)
        self.is_string = parts["data"].startswith('"')
        self.data_text = (json.loads(parts["data"]) if self.is_string
            else parts["data"])
        self.data = json.loads(self.data_text)

    def form(self, key):
        """Which form the signature is of, a to d; None if of none."""
        forms = "a" if self.is_string else "abcd"
        for form in forms:
            octets = Dialect(signs=form).signed(self.data_text, self.digits)
            if key.verifies(self.signature, octets):
                return form
        return None


# Chat between clients


def seal(plain, recipients, aes=16, iv=16, wrap=lambda key: key):
    """The members iv, symm_keys and chat with these octets in it."""
    key, iv = os.urandom(aes), os.urandom(iv)
    return {"iv": b64(iv),
        "symm_keys": [b64(one.key.encrypt(wrap(key), OAEP))
            for one in recipients],
        "chat": b64(AESGCM(key).encrypt(iv, plain, None))}


def encrypt(sender, recipients, message, nested=False,
        name=lambda key: key.fingerprint, **options):
    """The members iv, symm_keys and chat for these recipients."""
    plain = {"participants": [name(one) for one in (sender, *recipients)],
        "message": message}
    if nested:
        plain = {"chat": plain}
    return seal(json.dumps(plain).encode(), recipients, **options)


def open_chat(aes, iv, octets):
    try:
        return json.loads(AESGCM(aes).decrypt(iv, octets, None))
    except (InvalidTag, ValueError):
        return None


def decrypt(data, key):
    """(participants, message) of a chat if it is for this key, or None."""
    iv = base64.b64decode(data["iv"], validate=True)
    octets = base64.b64decode(data["chat"], validate=True)
    for text in data["symm_keys"]:
        aes = key.unwrap(base64.b64decode(text, validate=True))
        if aes is None:
            continue
        keys = [aes] if len(aes) in (16, 24, 32) else []
        try:
            keys.append(base64.b64decode(aes, validate=True))
        except ValueError:
            pass
        for aes in keys:
            plain = open_chat(aes, iv, octets)
            if plain is not None:
                plain = plain.get("chat", plain)
                return plain["participants"], plain["message"]
    return None


# A client


class Client:
    """A user on a connection."""

    def __init__(self, ws, key=None, dialect=PLAIN, counter=1, pem=None):
        self.ws = ws
        self.key = key
        self.dialect = dialect
        self.counter = counter		# of the next message
        self.pem = pem if pem is not None or key is None else key.pem
        self.kept = collections.deque()

    def write(self, data, counter=None):
        """The envelope around data; raises the counter unless given."""
        if counter is None:
            counter = self.counter
            self.counter += 1
        return self.dialect.envelope(self.key, data, counter)

    def send(self, data, counter=None):
        """Signs and sends; the text that was sent."""
        text = self.write(data, counter)
        self.ws.send(text)
        return text

    def hello_data(self):
        return {"type": "hello", "public_key": self.pem}

    def public_data(self, message, sender=None):
        return {"type": "public_chat",
            "sender": self.key.fingerprint if sender is None else sender,
            "message": message}

    def chat_data(self, recipients, message, destinations, **options):
        return {"type": "chat", "destination_servers": destinations,
            **encrypt(self.key, recipients, message, **options)}

    def hello(self, **options):
        """Says hello.  Whether it was accepted shows in its place in the
        client_list, which is asked for."""
        self.send(self.hello_data(), **options)
        servers = self.list()
        if self.pem not in servers[0]["clients"]:
            raise AssertionError("not in client_list after hello")
        return self

    def public(self, message, counter=None, **options):
        return self.send(self.public_data(message, **options), counter)

    def chat(self, recipients, message, destinations, counter=None,
            **options):
        return self.send(self.chat_data(recipients, message, destinations,
            **options), counter)

    def _next(self, timeout=None):
        return self.ws.recv(timeout)

    def recv(self, timeout=None):
        """The next message: octets."""
        if self.kept:
            return self.kept.popleft()
        return self._next(timeout)

    def list(self):
        """Asks for the client_list; its servers.  What comes before it is
        kept."""
        self.ws.send('{"type":"client_list_request"}')
        while True:
            octets = self._next()
            answer = json.loads(octets)
            if answer["type"] == "client_list":
                return answer["servers"]
            if answer["type"] == "error":
                raise AssertionError(f"error: {octets.decode()}")
            self.kept.append(octets)

    def expect(self, text, timeout=None):
        """The next message must be this one, octet for octet."""
        octets = text.encode() if isinstance(text, str) else text
        got = self.recv(timeout)
        if got != octets:
            raise AssertionError(f"got {got[:200]}, not {octets[:200]}")

    def expect_error(self, code, counter=None, timeout=None):
        """The next message must be this refusal."""
        octets = self.recv(timeout)
        answer = json.loads(octets)
        if (answer.get("type"), answer.get("error")) != ("error", code):
            raise AssertionError(f"got {octets[:300]}, not error {code}")
        if not isinstance(answer.get("message"), str) or not answer["message"]:
            raise AssertionError("an error without a sentence")
        if counter is not None and answer.get("counter") != counter:
            raise AssertionError(f"got {octets[:300]}, not counter {counter}")
        return answer

    def close(self):
        self.ws.close()


def connect(host, port, key=None, tls=None, **options):
    """A client that has not said hello yet."""
    mine = {name: options.pop(name) for name in
        ("dialect", "counter", "pem") if name in options}
    return Client(websocket.WebSocket(host, port, tls, **options), key, **mine)
