"""Several sessions side by side: statements of each, step by step, and who waits for whom."""
import os
import re
import select
import subprocess
import time

from servers import psql, psql_environment

DONE = "=-= done =-="
SHORT, LONG = 0.4, 30


class PsqlSession:
    """One psql, kept open: it gets a statement and says what it printed, once it is there."""

    def __init__(self, server, name, user="postgres", database="postgres"):
        command = ["/usr/lib/postgresql/15/bin/psql", "-X", "-q", "-h", server.socket_dir, "-p", str(server.port), "-U", user, "-d", database]
        self.name, self.text = name, ""
        self.waits = False
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env={**psql_environment(), "PGAPPNAME": name}, cwd="/")

    def send(self, statement):
        self.process.stdin.write(f"{statement}\n\\echo {DONE}\n".encode())
        self.process.stdin.flush()
        self.waits = True

    def hear(self, seconds):
        """What the statement printed; None: it is still under way after that time."""
        end = time.monotonic() + seconds
        while DONE not in self.text:
            left = end - time.monotonic()
            if not select.select([self.process.stdout], [], [], max(left, 0))[0]:
                return None
            data = os.read(self.process.stdout.fileno(), 65536).decode(errors="replace")
            if not data:
                break
            self.text += data
        said, _, self.text = self.text.partition(DONE + "\n")
        self.waits = False
        return said

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def read_scenarios(path):
    """Sections '== name' of lines 'session: statement'; a line that begins with a space goes on. Lists of (session, statement) by name."""
    scenarios, steps = {}, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("== "):
                steps = scenarios.setdefault(line[3:], [])
            elif line.startswith(" "):
                steps[-1] = (steps[-1][0], steps[-1][1] + "\n" + line)
            elif line and not line.startswith("--"):
                session, statement = line.split(": ", 1)
                steps.append((session, statement))
    return scenarios


def plain(text):
    """Without the numbers of processes, transactions and objects."""
    text = re.sub(r"([Pp]rocess) \d+", r"\1 N", text)
    return re.sub(r"(?<!\d)1[6-9]\d{3}(?!\d)", "OID", text)


class Scenario:
    """Runs the steps against a server. `told`: the lines of a run elsewhere that say who waited: only there is time given to wait."""

    def __init__(self, server, steps, told=None, users=None):
        self.server, self.steps, self.users = server, steps, users or {}
        self.told = None if told is None else {line for line in told if line.endswith(" ... waits") or line.endswith(" ... goes on")}
        self.lines, self.sessions = [], {}

    def say(self, number, session, said):
        self.lines += [f"{number}. {session.name}: {line}" for line in plain(said).splitlines()]

    def session(self, name):
        if name not in self.sessions:
            self.sessions[name] = PsqlSession(self.server, name, self.users.get(name, "postgres"))
        return self.sessions[name]

    def answer(self, session, line_if_none, answers):
        """What the session says; None: it waits. Where nobody has told who does, the server says so: a busy machine takes its time."""
        if self.told is not None:
            return session.hear(5 if (line_if_none in self.told) == answers else SHORT)
        said, end = session.hear(SHORT), time.monotonic() + LONG
        while said is None and time.monotonic() < end and not self.waits_for_lock(session):
            said = session.hear(SHORT)
        return said

    def waits_for_lock(self, session):
        asked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '%s'" % session.name
        return psql(self.server, "-Atc", asked).stdout.strip() == "1"

    def step(self, number, name, statement):
        session = self.session(name)
        if session.waits and (said := session.hear(LONG)) is not None:
            self.say(number, session, said)
        self.lines.append(f"{number}. {name}: {statement}")
        if session.waits:
            self.lines.append(f"{number}. {name} ... cannot: it still waits")
            return
        session.send(statement)
        waits = f"{number}. {name} ... waits"
        said = self.answer(session, waits, False)
        if said is None:
            self.lines.append(waits)
        else:
            self.say(number, session, said)
        for other in sorted(self.sessions):
            other = self.sessions[other]
            goes_on = f"{number}. {other.name} ... goes on"
            if other is session or not other.waits:
                continue
            said = self.answer(other, goes_on, True)
            if said is not None:
                self.lines.append(goes_on)
                self.say(number, other, said)

    def run(self):
        try:
            for number, (name, statement) in enumerate(self.steps, 1):
                self.step(number, name, statement)
        finally:
            for session in self.sessions.values():
                session.close()
        return self.lines
