"""Reads HTML on stdin, each after its length in bytes on a line, with Python's html.parser and prints what each has as a line of JSON."""
import json
import sys
from html.parser import HTMLParser


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.attributes = []
        self.positions = []
        self.text = ""
        self.styles = ""
        self.other = []
        self._raw = None

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._raw = tag if tag in ("style", "script") else None
        for name, value in attrs:
            self.attributes.append([name, value or ""])
            if name == "data-position":
                self.positions.append([tag, int(value)])
            if name == "style":
                self.styles += (value or "") + "\n"

    def handle_endtag(self, tag):
        self._raw = None

    def handle_data(self, data):
        if self._raw:
            self.styles += data
        else:
            self.text += data

    def handle_comment(self, data):
        self.other.append(data)

    def handle_decl(self, data):
        self.other.append(data)

    def handle_pi(self, data):
        self.other.append(data)

    def unknown_decl(self, data):
        self.other.append(data)


while line := sys.stdin.buffer.readline():
    reader = Reader()
    reader.feed(sys.stdin.buffer.read(int(line)).decode("utf-8"))
    reader.close()
    print(json.dumps({name: getattr(reader, name) for name in ("tags", "attributes", "positions", "text", "styles", "other")}))
