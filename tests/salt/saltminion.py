"""salt-minion on a Linux machine that must behave like a Mac, in the ways of saltcall.py."""

from saltcall import pretend

if __name__ == "__main__":
    pretend()
    from salt.scripts import salt_minion

    salt_minion()
