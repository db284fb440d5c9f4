"""An in-memory Redis in Python, for machines that have no other.

Usage: python -m config.embedded.fake_redis PORT MARK.  MARK is not read: it lets a later launcher
recognise this process in the list of processes.
"""

import sys

from fakeredis import TcpFakeServer

if __name__ == "__main__":
    TcpFakeServer(("127.0.0.1", int(sys.argv[1])), server_type="redis").serve_forever()
