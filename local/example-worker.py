#!/usr/bin/env python3
"""A worker that pulls its tasks over plain HTTP, with Python's standard library alone.

DOMAINFLOW_URL=http://127.0.0.1:8080 DOMAINFLOW_TOKEN=... python3 local/example-worker.py

It says how urgent the text of a task sounds, one task at a time. SIGTERM or Ctrl-C: it ends the task that it has and takes no other.
"""

import json
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.request

BASE = os.environ.get("DOMAINFLOW_URL", "http://127.0.0.1:8080").rstrip("/") + "/api/v2"
TOKEN = os.environ["DOMAINFLOW_TOKEN"]
HEARTBEAT_S = 10
WAIT_S = 20
ALARMING = re.compile(r"\b(?:fire|smoke|flood(?:ed|ing)?|gas leak|collapsed|injured)\b", re.IGNORECASE)

stopping = threading.Event()
# Ids of the tasks that run: what a sign of life does not name is given to others once its lease is over.
running = set()


def post(path, body, wait_s=0):
    """The answer to one request; urllib.error.HTTPError when it is refused, OSError when no answer comes."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=15 + wait_s) as response:
        return json.load(response)


def persist(path, body, wait_s=0):
    """The answer, however often it takes; raises HTTPError for what another try cannot mend."""
    pause_s = 0.25
    while True:
        try:
            return post(path, body, wait_s)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (408, 429):
                raise
        except (OSError, ValueError):
            pass  # no answer, or half of one
        time.sleep(pause_s)
        pause_s = min(15, pause_s * 2)


def send_signs(agent_id):
    """Says again and again that this worker lives, and what runs."""
    next_s = 0
    while not stopping.wait(next_s) or running:
        try:
            next_s = post(f"/agents/{agent_id}/heartbeat", {"running_task_ids": sorted(running)})["next_heartbeat_s"]
        except (OSError, ValueError):
            next_s = 1
        if stopping.is_set():
            time.sleep(min(next_s, 0.2))


def work_on(task):
    """The work itself: an output, or why there is none."""
    text = task["input_data"].get("text")
    if not isinstance(text, str):
        return {"error_code": "output_invalid", "error_message": "input_data has no text"}
    found = ALARMING.search(text)
    if not found:
        return {"output": {"urgency": "normal"}, "confidence": 0.6}
    return {"output": {"urgency": "high"}, "confidence": 0.9, "reasoning": f'The text speaks of "{found[0]}".'}


def attend(task):
    """Does one task and tells what came of it; 409 means that it is somebody else's by now."""
    running.add(task["task_id"])
    try:
        taken = persist(f"/tasks/{task['task_id']}/attempts/{task['attempt']}/result", work_on(task))
        if taken["error_code"]:
            print(f"The attempt at {task['task_id']} failed: {taken['error_message']}", flush=True)
    except urllib.error.HTTPError as error:
        print(f"The answer to {task['task_id']} was refused with {error.code}", flush=True)
    finally:
        running.discard(task["task_id"])


def main():
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    description = {
        "name": "Urgency in Python",
        "type": "classifier",
        "protocol": "pull",
        "capabilities": ["urgency"],
        "health_check_interval": HEARTBEAT_S,
        "max_concurrent_tasks": 1,
    }
    agent_id = persist("/agents/register", description)["agent_id"]
    print(f"Registered as {agent_id}", flush=True)
    signs = threading.Thread(target=send_signs, args=(agent_id,))
    signs.start()
    while not stopping.is_set():
        for task in persist(f"/agents/{agent_id}/tasks/claim", {"max": 1, "wait_s": WAIT_S}, WAIT_S)["tasks"]:
            attend(task)
    signs.join()
    post(f"/agents/{agent_id}/heartbeat", {"status": "offline", "running_task_ids": []})


if __name__ == "__main__":
    main()
