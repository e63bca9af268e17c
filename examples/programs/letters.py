"""How often each letter occurs in a text: one process, many calls, a line of JSON each."""
import json
import sys
from collections import Counter

for line in sys.stdin:
    call = json.loads(line)
    answer = {"call": call["call"]}
    text = call.get("body")
    if isinstance(text, str):
        answer["result"] = dict(sorted(Counter(c for c in text.lower() if c.isalpha()).items()))
    else:
        answer["error"] = {"type": "wrong-argument", "message": "write a text", "status": 422}
    print(f"call {call['call']} of {call['invocation']}", file=sys.stderr, flush=True)
    print(json.dumps(answer), flush=True)
