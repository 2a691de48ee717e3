"""Reads messages on stdin, each after its length on a line, with Python's e-mail library and prints what each says as a line of JSON."""
import base64
import email
import json
import sys
from email import policy

strict = policy.SMTP.clone(raise_on_defect=True)


def tree(part):
    if not part.is_multipart():
        return part.get_content_type()
    return part.get_content_subtype() + "(" + ",".join(tree(child) for child in part.iter_parts()) + ")"


def read(raw):
    message = email.message_from_bytes(raw, policy=strict)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    parts = {part.get_content_type(): part.get_content() for part in leaves if part.get_content_disposition() is None}
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    return {
        "subject": message["Subject"],
        "headers": [[name, str(value)] for name, value in message.items()],
        "addresses": {
            name: [[mailbox.display_name, mailbox.addr_spec] for mailbox in message[name].addresses]
            for name in ("From", "To", "Reply-To")
            if message[name] is not None
        },
        "date": message["Date"].datetime.isoformat(),
        "type": message.get_content_type(),
        "tree": tree(message),
        "text": parts.get("text/plain", ""),
        "html": parts.get("text/html", ""),
        "files": [{
            "name": part.get_filename(),
            "type": part.get_content_type(),
            "charset": part.get_content_charset(),
            "disposition": part.get_content_disposition(),
            "cid": part["Content-ID"],
            "fallback": part["Content-Type"].params.get("name"),
            "data": base64.b64encode(part.get_payload(decode=True)).decode(),
        } for part in leaves if part.get_content_disposition() is not None],
        "defects": [str(defect) for part in message.walk() for defect in part.defects]
        + [str(defect) for part in message.walk() for value in part.values() for defect in value.defects],
        "longest": max(len(line) for line in raw.split(b"\r\n")),
        "longest_header": max(len(line) for line in head),
        "blank_header_lines": sum(1 for line in head if not line.strip()),
    }


while length := sys.stdin.buffer.readline():
    json.dump(read(sys.stdin.buffer.read(int(length))), sys.stdout)
    sys.stdout.write("\n")
