import { dlopen } from 'node:ffi';
import { rmSync } from 'node:fs';

/** A notify socket as systemd has one: what was sent to it, in order. Linux only. */
export type NotifyListener = {
  readonly path: string;
  /** The messages so far, each as its lines. */
  received(): readonly string[];
  close(): void;
};

const dontWait = 0x40;

/** Bound by libc, because Node has no unix datagram sockets. */
export function listenForNotify(path: string): NotifyListener {
  const { functions: libc } = dlopen(null, {
    socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
    bind: { arguments: ['i32', 'buffer', 'u32'], return: 'i32' },
    recv: { arguments: ['i32', 'buffer', 'u64', 'i32'], return: 'i64' },
    close: { arguments: ['i32'], return: 'i32' },
  });
  const socket = libc.socket(1, 2, 0);
  const address = Buffer.concat([Buffer.from([1, 0]), Buffer.from(`${path}\0`)]);
  if (libc.bind(socket, address, address.length) !== 0) throw new Error(`${path} cannot be bound`);
  const messages: string[] = [];
  const buffer = Buffer.alloc(4096);
  return {
    path,
    received() {
      for (;;) {
        const length = Number(libc.recv(socket, buffer, BigInt(buffer.length), dontWait));
        if (length < 0) return [...messages];
        messages.push(buffer.toString('utf8', 0, length));
      }
    },
    close() {
      libc.close(socket);
      rmSync(path, { force: true });
    },
  };
}
