"""Verifies messages with dkimpy. The first line on stdin is JSON: DNS name to TXT record. Then messages, each after its length on a line.
Prints a line of JSON for each message: one true or false for each of its DKIM-Signature fields, from the top."""
import json
import sys

import dkim

records = {name: record.encode() for name, record in json.loads(sys.stdin.buffer.readline()).items()}


def txt(name, timeout=5):
    return records.get(name.decode().rstrip("."))


def verify(message):
    results = []
    signatures = sum(1 for name, _ in dkim.rfc822_parse(message)[0] if name.lower() == b"dkim-signature")
    for index in range(signatures):
        try:
            results.append(dkim.DKIM(message, minkey=2048).verify(idx=index, dnsfunc=txt))
        except dkim.DKIMException:
            results.append(False)
    return results


while length := sys.stdin.buffer.readline():
    print(json.dumps(verify(sys.stdin.buffer.read(int(length)))))
