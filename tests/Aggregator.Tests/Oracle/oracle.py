"""Counts a ledger of events again, from what docs/events.md and docs/metrics.md say and with nothing of the product.

    python3 oracle.py LEDGER EXPECTED

LEDGER is a folder of:
  jobs.jsonl              [account, job, created ms, campaign id, subject, from email]
  links.jsonl             [account, job, position, link, part, url, text]
  reclassified.tsv        shard, producer, number, version, class: of several rows of an event the highest version holds
  people.tsv              account, key of the people whose timelines are wanted
  ACCOUNT-JOB.events      a line for each true event: the columns of table events in the documented order, time in ms
  ACCOUNT-JOB.recipients  recipient, upstream id, variant, domain, key

EXPECTED gets for each job a folder of sorted rows, one file for each figure, the report as path and value, and the CSV. Texts are
written as hex, quotients by the bits of their double, so that rows can be compared byte by byte.
"""

import collections
import datetime
import decimal
import json
import os
import struct
import sys
import zlib

QUARTER = 15 * 60
UNSEEN = 65535  # position of the link that no person can see: no link of the mail
MASK = (1 << 64) - 1
COLUMNS = (
    "producer shard number kind time account job recipient link position loop_index class class_reason attempt smtp_code "
    "enhanced_status bounce_class mx reason reply url user_agent ip uncertain").split()
(PRODUCER, SHARD, NUMBER, KIND, TIME, ACCOUNT, JOB, RECIPIENT, LINK, POSITION, CLASS, SMTP_CODE, BOUNCE_CLASS, REASON, URL) = (
    COLUMNS.index(name) for name in (
        "producer", "shard", "number", "kind", "time", "account", "job", "recipient", "link", "position", "class", "smtp_code",
        "bounce_class", "reason", "url"))


class Tally:
    """How often, and who."""

    __slots__ = ("total", "people")

    def __init__(self):
        self.total = 0
        self.people = set()

    def add(self, person):
        self.total += 1
        self.people.add(person)

    @property
    def unique(self):
        return len(self.people)


def tallies():
    return collections.defaultdict(Tally)


def hexed(text):
    return text.encode().hex().upper()


def bits(quotient):
    return "null" if quotient is None else str(struct.unpack("<Q", struct.pack("<d", quotient))[0])


def divided(part, whole):
    return None if whole == 0 else part / whole


def identity(people):
    """Tells one set of people from another of the same size."""
    return sum(people) & MASK, sum(p * p for p in people) & MASK


class Job:
    """Everything that is counted of one job."""

    def __init__(self, account, job, about, links):
        self.account, self.job = account, job
        self.about = about
        self.links = links
        self.raw = [0, 0]
        self.by_kind = tallies()
        self.by_reader = tallies()
        self.by_row = tallies()
        self.by_link = tallies()
        self.by_position = tallies()
        self.by_hour = tallies()
        self.by_recipient = tallies()
        self.link_of = {}

    def count(self, path, recipients, corrected, wanted, timelines):
        hours = {}
        nobody = ("", "", "", "")
        with open(path, "rb") as lines:
            for line in lines:
                line = line[:-1]
                self.raw[0] += 1
                self.raw[1] += zlib.crc32(line)
                field = line.decode().split("\t")
                kind, when, person = field[KIND], int(field[TIME]), int(field[RECIPIENT])
                reader = corrected.get((field[SHARD], field[PRODUCER], field[NUMBER]), (0, field[CLASS]))[1]
                second = when // 1000
                bucket = second - second % QUARTER
                reason = field[REASON] if kind == "dropped" else ""
                self.by_kind[kind].add(person)
                self.by_row[kind, reader, field[BOUNCE_CLASS], reason, bucket].add(person)
                about = recipients.get(person, nobody)
                self.by_recipient[kind, reader, about[1], about[2]].add(person)
                if kind == "opened" or kind == "clicked":
                    self.by_reader[kind, reader == "human"].add(person)
                    hour = hours.get(bucket)
                    if hour is None:
                        moment = datetime.datetime.fromtimestamp(bucket, datetime.timezone.utc)
                        hour = hours[bucket] = (moment.isoweekday(), moment.hour)
                    self.by_hour[(reader, *hour, kind)].add(person)
                if kind == "clicked":
                    position, link = int(field[POSITION]), int(field[LINK])
                    self.by_link[position, link, reader, bucket].add(person)
                    self.by_position[position, reader == "human"].add(person)
                    self.link_of[position] = max(link, self.link_of.get(position, 0))
                if about[3] and (self.account, about[3]) in wanted:
                    timelines[self.account, about[3]].append((
                        when, kind, self.job, hexed(self.campaign), hexed(self.subject), person, field[POSITION], hexed(field[URL]), reader,
                        field[SMTP_CODE], field[BOUNCE_CLASS], hexed(field[REASON])))

    @property
    def campaign(self):
        return self.about[1] if self.about else ""

    @property
    def subject(self):
        return self.about[2] if self.about else ""

    def people(self, kind):
        return self.by_kind[kind].unique

    def figures(self):
        delivered, bounced = self.people("delivered"), self.people("bounced")
        ended = delivered + bounced + self.people("expired") + self.people("dropped")
        opens, clicks, gone = self.by_reader["opened", True], self.by_reader["clicked", True], self.by_kind["unsubscribed"]
        machine_opens, machine_clicks = self.by_reader["opened", False], self.by_reader["clicked", False]
        return {
            "accepted": self.people("accepted"),
            "delivered": delivered,
            "bounced": bounced,
            "expired": self.people("expired"),
            "dropped": self.people("dropped"),
            "deferrals": self.by_kind["deferred"].total,
            "pending": max(0, self.people("accepted") - ended),
            "opens": opens.total,
            "unique_opens": opens.unique,
            "clicks": clicks.total,
            "unique_clicks": clicks.unique,
            "unsubscribes": gone.total,
            "unique_unsubscribes": gone.unique,
            "complaints": self.people("complained"),
            "machine_opens": machine_opens.total,
            "unique_machine_opens": machine_opens.unique,
            "machine_clicks": machine_clicks.total,
            "unique_machine_clicks": machine_clicks.unique,
            "open_rate": divided(opens.unique, delivered),
            "click_rate": divided(clicks.unique, delivered),
            "click_to_open_rate": divided(clicks.unique, opens.unique),
            "unsubscribe_rate": divided(gone.unique, delivered),
            "bounce_rate": divided(bounced, delivered + bounced),
        }

    def breakdown(self):
        """Every link as written, and every position that was clicked."""
        written = {link[0]: link for link in self.links}
        clicked = {position for position, _ in self.by_position} - {UNSEEN}
        rows = []
        for position in sorted(clicked | written.keys()):
            _, link, part, url, text = written.get(position, (position, self.link_of.get(position, 0), "", "", ""))
            people, machines = self.by_position[position, True], self.by_position[position, False]
            share = divided(people.total, self.by_reader["clicked", True].total)
            rows.append((position, link, part, url, text, people.total, people.unique, share, machines.total, machines.unique))
        return rows

    def write(self, folder):
        os.makedirs(folder)
        figures = self.figures()
        breakdown = self.breakdown()
        names = (hexed(self.campaign), hexed(self.subject))
        created = self.about[0] if self.about else 0
        save(folder, "raw", [self.raw] if self.raw[0] else [])
        rows = [(*key, one.total, one.unique, *identity(one.people)) for key, one in self.by_row.items()]
        save(folder, "events_by_job", rows)
        rows = [(*key, one.total, one.unique, *identity(one.people)) for key, one in self.by_link.items()]
        save(folder, "clicks_by_link", rows)
        numbers = [bits(value) if name.endswith("_rate") else value for name, value in figures.items()]
        save(folder, "v_job_summary", [(*names, created, *numbers)] if self.raw[0] else [])
        save(folder, "v_click_breakdown", [
            (*names, position, link, *map(hexed, texts), total, unique, machines, unique_machines, bits(share))
            for position, link, *texts, total, unique, share, machines, unique_machines in breakdown])
        save(folder, "v_response_times", [
            (*key, *(number for kind in ("opened", "clicked") for number in self.at(key, kind)))
            for key in {key[:3] for key in self.by_hour}])
        save(folder, "v_events", [(kind, reader, hexed(variant), hexed(domain), one.total, one.unique)
                                  for (kind, reader, variant, domain), one in self.by_recipient.items()])
        save(folder, "report", report(self, figures, breakdown))
        with open(os.path.join(folder, "clicks.csv"), "w", newline="", encoding="utf-8") as out:
            out.write(csv(breakdown))

    def at(self, key, kind):
        one = self.by_hour.get((*key, kind))
        return (one.total, one.unique) if one else (0, 0)


def report(job, figures, breakdown):
    pairs = {
        "job": hexed(str(job.job)),
        "campaign_id": hexed(job.campaign),
        "subject": hexed(job.subject),
        "from_email": hexed(job.about[3] if job.about else ""),
        "created": job.about[0] if job.about else "null",
        "recipients.accepted": figures["accepted"],
        "deferred": figures["deferrals"],
        "machines.opens.total": figures["machine_opens"],
        "machines.opens.unique": figures["unique_machine_opens"],
        "machines.clicks.total": figures["machine_clicks"],
        "machines.clicks.unique": figures["unique_machine_clicks"],
    }
    for name in ("delivered", "bounced", "expired", "dropped", "pending", "complaints"):
        pairs[name] = figures[name]
    for name in ("opens", "clicks", "unsubscribes"):
        pairs[name + ".total"] = figures[name]
        pairs[name + ".unique"] = figures["unique_" + name]
    for name in ("open", "click", "click_to_open", "unsubscribe", "bounce"):
        pairs["rates." + name] = bits(figures[name + "_rate"])
    for n, (position, link, part, url, text, total, unique, share, machines, unique_machines) in enumerate(breakdown):
        for name, value in (
                ("position", position), ("link", link), ("part", hexed(part)), ("url", hexed(url)), ("text", hexed(text)), ("clicks", total),
                ("unique_clicks", unique), ("share", bits(share)), ("machine_clicks", machines), ("unique_machine_clicks", unique_machines)):
            pairs[f"links.{n}.{name}"] = value
    return pairs.items()


def csv(breakdown):
    lines = ["position,link,part,url,text,clicks,unique_clicks,share,machine_clicks,unique_machine_clicks"]
    lines += [",".join(field(value) for value in row) for row in breakdown]
    return "".join(line + "\r\n" for line in lines)


def field(value):
    if value is None:
        return ""
    if isinstance(value, float):
        rounded = decimal.Decimal("%.15g" % value).quantize(decimal.Decimal("0.000001"), decimal.ROUND_HALF_UP)
        text = f"{rounded:f}"
        return text.rstrip("0").rstrip(".")
    text = str(value)
    formula = text[:1] in tuple("=+-@\t\r")
    if formula:
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if formula or any(c in text for c in ',"\r\n') else text


def save(folder, name, rows):
    with open(os.path.join(folder, name + ".tsv"), "w", encoding="utf-8") as out:
        out.writelines(sorted("\t".join(map(str, row)) + "\n" for row in rows))


def read_rows(path):
    with open(path, encoding="utf-8", newline="\n") as lines:
        return [line[:-1].split("\t") for line in lines]


def read_json(path):
    with open(path, encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def main(ledger, expected):
    of = lambda name: os.path.join(ledger, name)
    jobs = {(row[0], row[1]): tuple(row[2:]) for row in read_json(of("jobs.jsonl"))}
    links = collections.defaultdict(set)
    for row in read_json(of("links.jsonl")):
        links[row[0], row[1]].add(tuple(row[2:]))
    corrected = {}
    for shard, producer, number, version, reader in read_rows(of("reclassified.tsv")):
        key = (shard, producer, number)
        corrected[key] = max(corrected.get(key, (0, "")), (int(version), reader))
    wanted = {(int(account), key) for account, key in read_rows(of("people.tsv"))}
    timelines = {who: [] for who in wanted}
    with_events = {tuple(map(int, name.split(".")[0].split("-"))) for name in os.listdir(ledger) if name.endswith(".events")}
    counts = []
    for account, number in sorted(with_events | jobs.keys() | links.keys()):
        job = Job(account, number, jobs.get((account, number)), links[account, number])
        recipients = {}
        if (account, number) in with_events:
            for person, *about in read_rows(of(f"{account}-{number}.recipients")):
                recipients[int(person)] = about
            job.count(of(f"{account}-{number}.events"), recipients, corrected, wanted, timelines)
        job.write(os.path.join(expected, f"{account}-{number}"))
        counts.append((account, number, job.raw[0], len(recipients)))
    save(expected, "jobs", counts)
    for (account, key), rows in timelines.items():
        save(expected, f"timeline-{account}-{key}", rows)
    print(f"{sum(row[2] for row in counts)} events of {len(counts)} jobs, {len(corrected)} reclassified")


if __name__ == "__main__":
    main(*sys.argv[1:])
