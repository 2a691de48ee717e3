"""Reads one message on stdin with Python's e-mail library and prints what it says as JSON."""
import email
import json
import sys
from email import policy

strict = policy.SMTP.clone(raise_on_defect=True)
raw = sys.stdin.buffer.read()
message = email.message_from_bytes(raw, policy=strict)
parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
addresses = {
    name: [[mailbox.display_name, mailbox.addr_spec] for mailbox in message[name].addresses]
    for name in ("From", "To", "Reply-To")
    if message[name] is not None
}
json.dump({
    "subject": message["Subject"],
    "headers": [[name, str(value)] for name, value in message.items()],
    "addresses": addresses,
    "date": message["Date"].datetime.isoformat(),
    "type": message.get_content_type(),
    "text": parts.get("text/plain", ""),
    "html": parts.get("text/html", ""),
    "defects": [str(defect) for part in message.walk() for defect in part.defects],
    "longest": max(len(line) for line in raw.split(b"\r\n")),
}, sys.stdout)
