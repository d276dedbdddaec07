"""The cases, in groups: each group gives functions with arguments, the first of which is where a world can be made."""

import os
import subprocess
import time

from calls import failed, held, killed, points
from world import ENVIRONMENT, HOSTS, INIT, World

NOBODY = 65534
# So many times in the course of a build.
MOMENTS = 25
# What a build finds and what it builds.
WAYS = [(None, "before"), ("before", "after")]
# One at each point and the others in turn: what matters is that the call fails, not why.
ERROR, OTHERS = "ENOSPC", ["EACCES", "EIO", "EROFS"]


def every_point(base, ways):
    """The points of builds, with the way each belongs to."""
    for way in ways:
        world = World(base, way[0])
        yield from ((way, point) for point in points(world, way[1]))
        world.close()


def kills(base):
    """builds killed at a call that changes the disk
    """
    for number, (way, point) in enumerate(every_point(base, WAYS)):
        # The user may well think better of it and build the other spec next.
        yield kill, base, way, point, ["after", "before"][number % 2]
    many = list(every_point(base, [("before", "many")]))
    for way, point in many[::9]:
        yield kill, base, way, point, "after"


def kill(base, way, point, then):
    """Whatever a killed build leaves, the next one mends."""
    world = World(base, way[0])
    killed(world, way[1], point)
    world.check_whole(*way)
    world.build(then)
    world.check_exact(then)
    if way[0]:
        world.check_git("before", "after", "many")
    world.close()


def surprises(base):
    """builds on all processors killed at some moment
    """
    for way in [(None, "hundreds"), ("before", "hundreds")]:
        world = World(base, way[0])
        start = time.monotonic()
        assert world.run(world.free(way[1])).returncode == 0
        took = time.monotonic() - start
        world.close()
        for moment in range(MOMENTS):
            yield surprise, base, way, took * (moment + 0.5) / MOMENTS


def surprise(base, way, delay):
    """Whatever several threads were at, each file is old or new, and the next build mends all."""
    world = World(base, way[0])
    with subprocess.Popen(world.free(way[1]), cwd=world.path, env=ENVIRONMENT, stdout=subprocess.DEVNULL) as build:
        time.sleep(delay)
        build.kill()
    world.check_whole(*way)
    world.build("after")
    world.check_exact("after")
    world.close()


def errors(base):
    """builds with an error of the system at a call that changes the disk
    """
    for number, (way, point) in enumerate(every_point(base, WAYS)):
        for error in (ERROR, OTHERS[number % len(OTHERS)]):
            yield fail, base, way, point, error


def fail(base, way, point, error):
    """A build that is refused something says so, unless it can do without, and cleans up."""
    world = World(base, way[0])
    done = failed(world, way[1], point, error)
    left = world.check_whole(*way)
    if done.returncode == 0:
        world.check_exact(way[1])
    else:
        assert done.returncode == 2 and "error: cannot " in done.stderr, (done.returncode, done.stderr)
        # What could not be removed is the one thing that may stay.
        assert not left, f"{left} were left behind: {done.stderr}"
    world.build(way[1])
    world.check_exact(way[1])
    world.close()


def full_disks(base):
    """builds on disks of too few bytes or files
    """
    for way in WAYS:
        for pages in range(0, 26, 2):
            yield fill, base, way, pages, None
        for files in range(1, 16, 3):
            yield fill, base, way, None, files


def fill(base, way, pages, files):
    """A build that finds the disk full leaves the old tree as it was."""
    world = World(base, way[0])
    copy = world.path / "copy"
    world.out.mkdir(exist_ok=True)
    world.out.rename(copy)
    world.out.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", world.out], check=True)
    try:
        subprocess.run(["cp", "-a", f"{copy}/.", world.out], check=True)
        subprocess.run(["rm", "-r", copy], check=True)
        usage = os.statvfs(world.out)
        used_blocks = (usage.f_blocks - usage.f_bfree) * usage.f_frsize // 4096
        used_files = usage.f_files - usage.f_ffree
        limit = f"size={(used_blocks + pages) * 4}k" if files is None else f"nr_inodes={used_files + files}"
        # Of nothing at all, size=0 would mean that there is no limit.
        subprocess.run(["mount", "-o", f"remount,{limit if limit != 'size=0k' else 'size=4k'}", world.out], check=True)
        done = world.run(world.command(way[1]))
        if done.returncode == 0:
            world.check_exact(way[1])
        else:
            assert done.returncode == 2 and "Free some space" in done.stderr, done.stderr
            world.check_exact(way[0])
        subprocess.run(["mount", "-o", "remount,size=1g,nr_inodes=9999", world.out], check=True)
        world.build(way[1])
        world.check_exact(way[1])
    finally:
        # Whoever was forked meanwhile may hold a file of it open until it becomes another program.
        subprocess.run(["umount", "--lazy", world.out], check=True)
    world.close()


def interference(base):
    """builds during which somebody else changes the output directory
    """
    for way, point in every_point(base, [WAYS[1]]):
        for function in (edit, plant, swap_folders, lose_permission, wipe):
            yield function, base, way, point


def edit(base, way, point):
    """What the user writes while a build runs stays: edited, new and about to be removed."""
    edited = {f"{HOSTS}/kept.sls": "mine: 1\n", f"{HOSTS}/new.sls": "mine: 2\n", f"{HOSTS}/left.sls": "mine: 3\n",
              INIT: "mine: 4\n"}
    world = World(base, way[0])

    def meanwhile():
        for path, text in edited.items():
            (world.out / path).unlink(missing_ok=True)
            (world.out / path).write_text(text)

    done = held(world, way[1], point, meanwhile)
    for path, text in edited.items():
        assert (world.out / path).read_text() == text, f"{path} was overwritten"
    assert done.returncode == 0 or "changed by somebody else during the build" in done.stderr, done.stderr
    again = world.run(world.command(way[1]))
    assert again.returncode == 2 and "not written by tartgen" in again.stderr, again.stderr
    for path in edited:
        (world.out / path).unlink()
    world.build(way[1])
    world.check_exact(way[1])
    world.close()


def plant(base, way, point):
    """Links planted where files belong are neither followed nor replaced."""
    world = World(base, way[0])
    links = [f"{HOSTS}/kept.sls", f"{HOSTS}/new.sls", f"{HOSTS}/left.sls", INIT]

    def meanwhile():
        for path in links:
            (world.out / path).unlink(missing_ok=True)
            (world.out / path).symlink_to(world.path / "outside/precious.sls")

    held(world, way[1], point, meanwhile)
    for path in links:
        assert (world.out / path).is_symlink(), f"{path} was replaced"
        (world.out / path).unlink()
    world.build(way[1])
    world.check_exact(way[1])
    world.close()


def swap_folders(base, way, point):
    """Links planted where folders belong are not followed."""
    world = World(base, way[0])
    folders = [world.out / HOSTS, world.out / "salt/states"]

    def meanwhile():
        for folder in folders:
            folder.rename(folder.with_suffix(".moved"))
            folder.symlink_to(world.path / "outside")

    held(world, way[1], point, meanwhile)
    for folder in folders:
        folder.unlink()
        folder.with_suffix(".moved").rename(folder)
    world.check_whole(*way)
    world.build(way[1])
    world.check_exact(way[1])
    world.close()


def lose_permission(base, way, point):
    """A build that may not go on says so and leaves whole files."""
    world = World(base, way[0], uid=NOBODY)
    folders = [world.out / HOSTS, world.out / "salt/states/tart", world.out / "salt/states/tart/files"]

    def meanwhile():
        for folder in folders:
            folder.chmod(0o555)

    done = held(world, way[1], point, meanwhile)
    world.check_whole(*way)
    if done.returncode == 0:
        world.check_exact(way[1])
    else:
        assert done.returncode == 2 and "write access" in done.stderr, done.stderr
    for folder in folders:
        folder.chmod(0o755)
    world.build(way[1])
    world.check_exact(way[1])
    world.close()


def wipe(base, way, point):
    """A tree that is deleted under a build comes back with the next."""
    world = World(base, way[0])
    held(world, way[1], point, lambda: subprocess.run(["rm", "-r", world.out / "salt"], check=True))
    world.users = {path: what for path, what in world.users.items() if not path.startswith("out/salt/")}
    world.check_whole(None, *way)
    world.build(way[1])
    world.check_exact(way[1])
    world.close()


def crowds(base):
    """crowds of builds at once
    """
    for names in (["after"] * 6, ["after", "before"] * 3, ["before", "after", "many"] * 2):
        for victims in (0, 2):
            yield crowd, base, names, victims


def crowd(base, names, victims):
    """Builds of one or of several specs at once, some of which are killed, take turns."""
    world = World(base, "before")
    builds = [subprocess.Popen(world.free(name), cwd=world.path, stderr=subprocess.PIPE, text=True) for name in names]
    for build in builds[:victims]:
        build.kill()
    while any(build.poll() is None for build in builds):
        world.check_whole("before", *names)
    ends = [(build.wait(), build.communicate()[1]) for build in builds]
    assert all(code == 0 for code, _ in ends[victims:]), ends
    left = world.check_whole("before", *names)
    wholes = [name for name in {"before", *names} if all(
        (world.out / path).read_bytes() == data for path, data in World.trees[name].items())]
    assert wholes and (not left or victims), (wholes, left)
    world.build("after")
    world.check_exact("after")
    world.close()


def permissions(base):
    """builds that may not write to a folder
    """
    for way in WAYS:
        for folder in ["", "salt", HOSTS, "salt/states/tart", "salt/pillar"]:
            yield forbid, base, way, folder


def forbid(base, way, folder):
    """Where a build may not write, it changes nothing, as long as it has to write there."""
    world = World(base, way[0], uid=NOBODY)
    forbidden = world.out / folder
    if not forbidden.exists():
        forbidden.mkdir(parents=True)
        for path in [forbidden, *forbidden.parents][: len(forbidden.relative_to(world.path).parts)]:
            os.chown(path, NOBODY, NOBODY)
    forbidden.chmod(0o555)
    done = world.run(world.command(way[1]))
    if done.returncode == 0:
        world.check_exact(way[1])
    else:
        assert done.returncode == 2 and "write access" in done.stderr, done.stderr
        world.check_exact(way[0])
    forbidden.chmod(0o755)
    world.build(way[1])
    world.check_exact(way[1])
    world.close()


GROUPS = [kills, surprises, errors, full_disks, permissions, interference, crowds]
