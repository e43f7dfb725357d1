"""Random comings, goings and talk in a mesh, from a seed that is printed."""

import os
import random

import case


class Crowd:
    """size: so many or fewer at a server.  OLAF_SEED repeats a run."""

    def __init__(self, mesh, size):
        self.mesh = mesh
        self.size = size
        self.seed = int(os.environ.get("OLAF_SEED",
            random.randrange(10 ** 9)))
        self.random = random.Random(self.seed)
        self.down = []

    def join(self):
        there = [d for d in self.mesh.daemons if d not in self.down
            and len(self.mesh.at(d)) < self.size]
        if there:
            self.mesh.join(self.random.choice(there))

    def part(self):
        """A good end or a bad one; but somebody stays at each server, to see
        what is still under way there."""
        d, client = self.random.choice(self.mesh.members)
        if len(self.mesh.at(d)) == 1:
            return
        if self.random.random() < 0.5:
            self.mesh.part(client)
        else:
            self.mesh.forget(d, client)
            client.ws.abort()

    def talk(self):
        self.mesh.public(self.random.choice(self.mesh.everybody))

    def whisper(self):
        """To some servers, the sender's own perhaps among them."""
        there = [d for d in self.mesh.daemons if d not in self.down]
        named = self.random.sample(there, self.random.randint(1, len(there)))
        sender = self.random.choice(self.mesh.everybody)
        text = sender.chat([sender.key] * len(named), "x",
            [d.address for d in named])
        for d in named:
            self.mesh.expect(text, self.mesh.at(d))

    def step(self):
        """Who came is heard everywhere from the first word on, and who stays
        hears all: nobody waits for the lists."""
        self.random.choices((self.join, self.part, self.talk, self.whisper),
            (3, 2, 3, 2))[0]()

    def live(self, steps):
        for d in self.mesh.daemons:
            if d not in self.down and not self.mesh.at(d):
                self.mesh.join(d)
        for _ in range(steps):
            self.step()
        self.mesh.wait_truth(self.down)
        for d in self.mesh.daemons:
            if d not in self.down:
                case.same(d.stats()["neighbours"]["refused"], 0,
                    f"what {d.name} refused")

    def restart(self, d, how=None):
        """One stops, the others go on, it comes back; some steps in each
        state."""
        (how or self.mesh.halt)(d)
        self.down = [d]
        for one in self.mesh.daemons:
            if one is not d:
                case.wait_for(lambda one=one: d.address not in one.users(),
                    f"that {one.name} misses {d.name}")
        self.live(20)
        d.start()
        self.down = []
        self.mesh.wait_linked()
        self.live(20)
