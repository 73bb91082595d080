"""Text of wikitext pages by mwparserfromhell: JSON lines of {"id", "text"} in, the same out, the text being plain."""

import json
import sys

import mwparserfromhell

with open(sys.argv[1], encoding="utf-8") as pages, open(sys.argv[2], "w", encoding="utf-8") as out:
    for line in pages:
        page = json.loads(line)
        text = mwparserfromhell.parse(page["text"]).strip_code(normalize=True, collapse=True)
        out.write(json.dumps({"id": page["id"], "text": str(text)}) + "\n")
