"""knotd on 127.0.0.52 and a free port, with zones as texts, for as long as the context lasts."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time

ADDRESS = "127.0.0.52"


@contextlib.contextmanager
def serve(zones):
    knotd = shutil.which("knotd", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if knotd is None:
        raise SystemExit("knotd is missing: apt-get install knot")
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = f"server:\n  rundir: {folder}\n  listen: {ADDRESS}@{port}\ndatabase:\n  storage: {folder}\nlog:\n  - target: stderr\n    any: error\nzone:\n"
        for name, text in zones.items():
            config += f"  - domain: {name}.\n    file: {folder}/{name}.zone\n    zonefile-sync: -1\n"
            with open(f"{folder}/{name}.zone", "w") as out:
                out.write(f"$ORIGIN {name}.\n$TTL 300\n{text}")
        with open(f"{folder}/knot.conf", "w") as out:
            out.write(config)
        server = subprocess.Popen([knotd, "-c", f"{folder}/knot.conf"])
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex((ADDRESS, port)) == 0:
                        break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
            server.wait()
