"""Lets the Salt that salt-ssh brings along behave as on a Mac; every Python of such a simulated Mac imports this first.

salt-ssh runs its own salt-call, so nothing of the suite stands on that command line. What is patched, in the ways of
saltcall.py, is patched when that salt-call begins to load Salt.
"""

import sys


class _BeforeSalt:
    """A finder that finds nothing: it only notices that salt-call is about to start."""

    @classmethod
    def find_spec(cls, name, _path, _target=None):
        """Called for each module that is not loaded yet."""
        if name == "salt.scripts":
            sys.meta_path.remove(cls)
            import saltcall

            saltcall.pretend()


sys.meta_path.insert(0, _BeforeSalt)
