"""Messages that a client must read, must refuse, or need not care about: each
made by a peer for a victim, and never by the rules alone."""

import base64
import dataclasses
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

import olaf
from olaf import Dialect, b64

SHOWN, UNREADABLE, IGNORED, EITHER = "shown", "unreadable", "ignored", "either"


@dataclasses.dataclass
class Forged:
    """name: of the case.  text: goes over the wire.  wanted: what becomes of
    it; EITHER: it is not shown.  kind, message, sender, participants: as a
    message that is shown must have them."""

    name: str
    text: object
    wanted: str
    kind: str = "public"
    message: str = ""
    sender: object = None
    participants: tuple = ()


class Forger:
    """peer, other: users of the server; victim: whose client it is; address:
    the server's."""

    def __init__(self, peer, other, victim, address):
        self.peer = peer
        self.other = other
        self.victim = victim
        self.address = address
        self.stranger = olaf.LightKey()

    # Parts

    def public(self, message, **options):
        return self.peer.write(self.peer.public_data(message, **options))

    def plain(self, message, participants=None, **members):
        """The plaintext of a chat: octets."""
        return json.dumps({"participants": self.names() if participants is
            None else participants, "message": message, **members}).encode()

    def names(self, *keys):
        return [key.fingerprint for key in keys or
            (self.peer.key, self.victim)]

    def sealed(self, plain, recipients=None, **options):
        """D of a chat whose plaintext is these octets."""
        recipients = recipients or [self.victim]
        return {"type": "chat", "destination_servers": [self.address] *
            len(recipients), **olaf.seal(plain, recipients, **options)}

    def chat(self, message, **options):
        return self.peer.write(self.sealed(self.plain(message), **options))

    def good(self, name, text, message, participants=(), kind="private",
            sender=None):
        return Forged(name, text, SHOWN, kind, message,
            sender or self.peer.key, tuple(participants or
            (self.peer.key, self.victim)) if kind != "public" else ())

    # What must be shown

    def readable(self):
        yield from self.keys_and_wraps()
        yield from self.plaintexts()
        yield from self.many_keys()
        yield from self.dialects()
        yield from self.spellings()

    def keys_and_wraps(self):
        for size in (16, 24, 32):
            text = f"key of {size}"
            yield self.good(text, self.chat(text, aes=size), text)
            text = f"base64 of a key of {size}"
            yield self.good(text, self.chat(text, aes=size,
                wrap=base64.b64encode), text)
        yield self.good("an IV of 12", self.chat("iv", iv=12), "iv")

    def plaintexts(self):
        plain = json.loads(self.plain("nested"))
        yield self.good("wrapped once more", self.peer.write(self.sealed(
            json.dumps({"chat": plain}).encode())), "nested")
        yield self.good("further members", self.peer.write({"x": [1, {}],
            **self.sealed(self.plain("more", x={"message": "no"}, y=None)),
            "z": 1.5e3}), "more")
        for form, name in self.victim.fingerprints().items():
            text = f"we are {form}"
            yield self.good(text, self.peer.write(self.sealed(self.plain(
                text, [self.peer.key.fingerprint, name]))), text)
        for form, name in self.peer.key.fingerprints().items():
            text = f"I am {form}"
            yield self.good(text, self.peer.write(self.sealed(self.plain(
                text, [name, self.victim.fingerprint]))), text)
            yield self.good(f"{text}, public", self.public(text,
                sender=name), text, kind="public")

    def many_keys(self):
        """Entries in another order, more of them, and strangers'."""
        everybody = [self.peer.key, self.victim, self.other.key]
        yield self.good("a group, keys the other way round",
            self.peer.write(self.sealed(self.plain("group",
            self.names(*everybody)), [self.other.key, self.victim])),
            "group", everybody, "group")
        yield self.good("our key twice", self.peer.write(self.sealed(
            self.plain("twice"), [self.victim, self.victim])), "twice")
        data = self.sealed(self.plain("the last"))
        data["symm_keys"] = [b64(os.urandom(256)) for _ in range(1023)] + \
            data["symm_keys"]
        data["destination_servers"] = [self.address] * 1024
        yield self.good("1024 keys, ours is the last", self.peer.write(data),
            "the last")
        data = self.sealed(self.plain("longer"))
        data["symm_keys"] = [b64(os.urandom(size)) for size in (512, 384,
            257)] + data["symm_keys"]
        data["destination_servers"] = [self.address] * 4
        yield self.good("keys of other lengths", self.peer.write(data),
            "longer")

    def dialects(self):
        before = self.peer.dialect
        for name, dialect in {
                "v1.2: string": Dialect(data="string", text="compact"),
                "string, spaced": Dialect(data="string"),
                "compact": Dialect(text="compact", ascii=False),
                "indented": Dialect(text="indented"),
                "wild, signs compact": Dialect(text="wild", signs="b"),
                "compact, signs spaced": Dialect(text="compact", signs="c"),
                "signs the sorted envelope": Dialect(signs="d",
                    salt=olaf.PSS_MAX),
                "other order": Dialect(
                    order="signature counter data type")}.items():
            self.peer.dialect = dialect
            text = f"in {name}: é"
            yield self.good(f"{name}, public", self.public(text), text,
                kind="public")
            yield self.good(f"{name}, private", self.chat(text), text)
        self.peer.dialect = before

    def spellings(self):
        """Escapes in texts, and texts that want care."""
        fp = self.peer.key.fingerprint
        yield self.good("escaped names and values", self.peer.write(
            '{"\\u0074ype":"public\\u005fchat","sender":"%s",'
            '"message":"\\/\\ud83d\\ude00"}' % fp), "/\U0001f600",
            kind="public")
        for name, text in texts():
            yield self.good(f"{name}, public", self.public(text), text,
                kind="public")
            yield self.good(f"{name}, private", self.chat(text), text)

    # What must be said to be unreadable

    def unreadable(self):
        for name, text in (*self.signatures(), *self.tags(),
                *self.participants(), *self.bad_plaintexts()):
            yield Forged(name, text, UNREADABLE)

    def signed_by(self, key, data, octets=None, counter=None):
        """An envelope around D with another signature than it must have;
        octets: what is signed."""
        counter = self.peer.counter if counter is None else counter
        self.peer.counter = max(self.peer.counter, counter) + 1
        text = json.dumps(data)
        signature = key if isinstance(key, bytes) else key.sign(
            (text + str(counter)).encode() if octets is None else octets)
        return olaf.join([("type", '"signed_data"'), ("data", text),
            ("counter", str(counter)), ("signature",
            json.dumps(b64(signature)))])

    def signatures(self):
        for name, data in (("public", self.peer.public_data("forged")),
                ("private", self.sealed(self.plain("forged")))):
            text = json.dumps(data)
            yield f"forged, {name}", self.signed_by(self.stranger, data)
            yield f"signed by another user, {name}", \
                self.signed_by(self.other.key, data)
            yield f"without the counter, {name}", \
                self.signed_by(self.peer.key, data, text.encode())
            yield f"another counter, {name}", self.signed_by(self.peer.key,
                data, (text + "1").encode())
            yield f"a signature of zeros, {name}", \
                self.signed_by(bytes(256), data)
            yield f"PKCS#1 v1.5, {name}", self.signed_by(
                self.peer.key.private.sign((text + str(self.peer.counter)
                ).encode(), padding.PKCS1v15(), hashes.SHA256()), data)
        yield "changed on the way, public", self.public("forged").replace(
            "forged", "forger")
        data = self.sealed(self.plain("forged"))
        yield "changed on the way, private", self.peer.write(data).replace(
            data["chat"], self.sealed(self.plain("forger"))["chat"])
        yield "of one, with the chat of another", self.spliced()

    def spliced(self):
        """Who signs what somebody else encrypted: participants tell."""
        theirs = self.other.chat_data([self.victim], "forged",
            [self.address])
        return self.peer.write(theirs)

    def tags(self):
        def other_chat(change):
            data = self.sealed(self.plain("no tag"))
            octets = bytearray(base64.b64decode(data["chat"]))
            data["chat"] = b64(bytes(change(octets)))
            return self.peer.write(data)
        yield "the tag is missing", other_chat(lambda o: o[:-16])
        yield "a wrong tag", other_chat(lambda o: o[:-16] + bytes(16))
        yield "the last octet is missing", other_chat(lambda o: o[:-1])
        yield "the first octet is missing", other_chat(lambda o: o[1:])
        yield "a bit", other_chat(lambda o: bytes([o[0] ^ 1]) + o[1:])
        yield "shorter than a tag", other_chat(lambda o: o[:15])
        yield "one octet more", other_chat(lambda o: o + b"\0")
        data = self.sealed(self.plain("iv"))
        data["iv"] = b64(os.urandom(16))
        yield "another IV", self.peer.write(data)

    def participants(self):
        me, peer = self.victim.fingerprint, self.peer.key.fingerprint
        for name, participants in (
                ("we are not named", [peer, self.other.key.fingerprint]),
                ("only the sender is named", [peer]),
                ("nobody is named", []),
                ("an unknown sender", [self.stranger.fingerprint, me]),
                ("somebody else is the sender",
                    [self.other.key.fingerprint, me]),
                ("we are the sender", [me, peer]),
                ("names that are none", ["x", "y"]),
                ("numbers", [1, 2]),
                ("a text", peer + me),
                ("hidden", [[peer], [me]])):
            yield f"participants: {name}", self.peer.write(self.sealed(
                self.plain("whose?", participants)))
        yield "an unknown sender, public", self.signed_by(self.stranger,
            {"type": "public_chat", "sender": self.stranger.fingerprint,
            "message": "who?"})
        yield "a sender that is no fingerprint", self.public("who?",
            sender="\x1b[31mroot")

    def bad_plaintexts(self):
        names = json.dumps(self.names())
        for name, plain in (
                ("empty", b""), ("no JSON", b"hello"), ("an array", b"[]"),
                ("null", b"null"), ("empty object", b"{}"),
                ("no message", b'{"participants":%s}'),
                ("a number", b'{"participants":%s,"message":1}'),
                ("an object", b'{"participants":%s,"message":{}}'),
                ("no participants", b'{"message":"x"}'),
                ("twice", b'{"participants":%s,"message":"a","message":"b"}'),
                ("more behind it", b'{"participants":%s,"message":"x"} x'),
                ("no UTF-8", b'{"participants":%s,"message":"\xff"}'),
                ("overlong", b'{"participants":%s,"message":"\xc0\x80"}'),
                ("a surrogate", b'{"participants":%s,"message":"\\ud800"}'),
                ("a raw control", b'{"participants":%s,"message":"\x1b[m"}'),
                ("deep", b'{"participants":%s,"message":"x","y":' + b"["
                    * 100 + b"]" * 100 + b"}")):
            plain = plain.replace(b"%s", names.encode())
            yield f"plaintext: {name}", self.peer.write(self.sealed(plain))

    # What is nobody's business, or may be said to be unreadable

    def nothing(self):
        """Silence: it is for others, or no message at all."""
        for name, text in (
                ("for somebody else", self.peer.write(self.sealed(self.plain(
                    "secret", self.names(self.peer.key, self.other.key)),
                    [self.other.key]))),
                ("garbled keys", self.garbled_keys()),
                ("a type of tomorrow, unsigned",
                    '{"type": "typing", "who": "\\u001b[31m"}'),
                ("a type of tomorrow, signed", self.peer.write(
                    {"type": "reaction", "message": "\x1b[31m"}))):
            yield Forged(name, text, IGNORED)

    def garbled_keys(self):
        data = self.sealed(self.plain("secret"))
        data["symm_keys"] = [b64(os.urandom(256))]
        return self.peer.write(data)

    def harmless(self):
        """Never shown as a message."""
        for name, text in (*self.counters(), *self.envelopes(),
                *self.rubbish()):
            yield Forged(name, text, EITHER)

    def counters(self):
        data = self.peer.public_data("counted")
        for counter in ("-1", "1.0", "1e3", '"5"', "9223372036854775808",
                "18446744073709551617", "null", "01", "true"):
            text = json.dumps(data)
            yield f"counter {counter}", olaf.join([("type",
                '"signed_data"'), ("data", text), ("counter", counter),
                ("signature", json.dumps(b64(self.peer.key.sign(
                (text + counter).encode()))))])

    def envelopes(self):
        good = json.loads(self.public("envelope"))
        for name in ("type", "data", "counter", "signature"):
            less = {key: value for key, value in good.items() if key != name}
            yield f"without {name}", json.dumps(less)
            for value in (None, [], {}, "", 7):
                yield f"{name}: {value!r}", json.dumps({**good, name: value})
        yield "not signed", json.dumps(self.peer.public_data("unsigned"))
        yield "not signed, in an envelope", json.dumps({"type": "data",
            "data": self.peer.public_data("unsigned")})
        yield "a key of 20 octets", self.peer.write(self.sealed(self.plain(
            "not a key"), wrap=lambda key: b"x" * 20))
        text = self.public("twice")
        yield "a member twice", '{"counter": 1, ' + text[1:]
        yield "more behind it", text + " {}"
        yield "nested deeply", self.peer.write({"x": json.loads("[" * 30 +
            "]" * 30), **self.peer.public_data("deep")})
        for name in ("iv", "symm_keys", "chat"):
            for value in (None, "", "!!!!", [], "x" * 3, 5, ["!"], [5],
                    b64(b"")):
                data = {**self.sealed(self.plain("members")), name: value}
                yield f"chat with {name}: {value!r}", self.peer.write(data)
        yield "a string that holds no JSON", Dialect(data="string").envelope(
            self.peer.key, "public_chat", self.next())
        for text in (None, 5, [], {}):
            yield f"message: {text!r}", self.peer.write({
                **self.peer.public_data(""), "message": text})
        yield "a lone surrogate", self.peer.write('{"type":"public_chat",'
            '"sender":"%s","message":"\\ud800x"}' % self.peer.key.fingerprint)
        yield "the wrong half", self.peer.write('{"type":"public_chat",'
            '"sender":"%s","message":"\\udc00\\ud800"}'
            % self.peer.key.fingerprint)

    def next(self):
        self.peer.counter += 1
        return self.peer.counter - 1

    def rubbish(self):
        for text in ("", " ", "{", "}", "null", "[]", '"x"', "5", "hello",
                "\x1b[31m", "{" * 10000, "[" * 200000, "x" * 1000000, "{}",
                '{"type":5}', '{"type":"signed_data"}', "\ufeff{}",
                '{"type":"hello"}', '{"type":"client_list_request"}',
                '{"type":"client_update_request"}', '{"type":"error"}',
                '{"type":"presence"}', '{"type":"client_list"}'):
            yield f"rubbish: {text[:24]!r}", text
        for code in ("\x1b[31mred", "x" * 10000, "", "bad_json\n"):
            yield f"error {code[:20]!r}", json.dumps({"type": "error",
                "error": code, "message": "\x1b]0;x\x07\u202e\u0085" * 50,
                "counter": 2 ** 62})
        for member in (None, 5, [], {}):
            yield f"error with {member!r}", json.dumps({"type": "error",
                "error": member, "message": member, "counter": member})
        yield "hello of ours", self.peer.write({"type": "hello",
            "public_key": self.peer.key.pem})
        yield "server_hello", self.peer.write({"type": "server_hello",
            "sender": self.address})

    def replays(self, text):
        """text: a message that was shown before."""
        used = olaf.Message(text.encode()).counter
        for name, replay in (
                ("as it was", text),
                ("spelled otherwise", json.dumps(json.loads(text),
                    separators=(",", ":"))),
                ("its counter used again", self.peer.write(
                    self.peer.public_data("again"), used)),
                ("a counter of long ago", self.peer.write(
                    self.peer.public_data("old"), 0))):
            yield Forged(f"replayed: {name}", replay, EITHER)


def texts():
    """(name, text): what a terminal must not be given."""
    yield "nothing", ""
    yield "lines", "one\ntwo\r\nthree\tfour\n"
    yield "ESC", "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1bP1$r\x1b\\ \x1bc"
    yield "C0 and DEL", "".join(map(chr, range(32))) + "\x7f"
    yield "C1", "".join(map(chr, range(0x80, 0xa0))) + "\x9b31m"
    yield "a line that is not theirs", \
        "x\n2026-11-28T21:30:01Z public root: trust me"
    yield "right to left", "\u202eabc\u202c \u2066x\u2069 \u200f\u061c"
    yield "invisible", "a\u200bb\u2060c\ufeffd\xade\u180e \u2028\u2029"
    yield "tags", "".join(chr(0xe0000 + ord(c)) for c in "hidden")
    yield "private use and no characters", "\ue000 \ufffe\uffff \U0001ffff"
    yield "zero width joiners", "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    yield "wide and combining", "\u4e16\u754c e\u0301 " + "\u0300" * 300
    yield "backslashes", "\\ \\n \\u{1B} \\x1b \\\\ %s %n"
    yield "long", "long " * 30000
    yield "very long", hashlib.sha256(b"x").hexdigest() * 10000
