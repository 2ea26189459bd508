#!/bin/sh
# Boots systemd on a throw-away copy of this computer's files: WORK is a folder, PROJECT the folder that is seen as
# /project. Everything is gone when the process ends. To be run in new mount, pid, cgroup and ipc namespaces; without
# pivot_root the kernel refuses user namespaces, and without shared mounts systemd hands over no credentials.
set -e
WORK=$1 PROJECT=$2
mount -t tmpfs tmpfs "$WORK"
mkdir "$WORK/upper" "$WORK/scratch" "$WORK/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$WORK/upper,workdir=$WORK/scratch" "$WORK/root"
cd "$WORK/root"
mount -t proc proc proc
mount --rbind /sys sys
mount -t tmpfs tmpfs sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount --rbind /dev dev
mkdir -p before project
mount --bind "$PROJECT" project
pivot_root . before
umount -l /before
mount --make-rshared /
exec chroot . /usr/bin/env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=basic.target --log-target=null --show-status=no
