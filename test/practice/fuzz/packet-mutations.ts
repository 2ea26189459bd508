/** Conversations with something broken in them, as bytes for the socket. */

import type { Random } from '../campaign.ts';
import type { Conversation, RawPacket } from './conversations.ts';

const lengths = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

const framed = ({ type, status, data }: RawPacket, length = data.length + 8): Buffer => {
  const header = Buffer.from([type & 0xff, status & 0xff, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(length & 0xffff, 2);
  return Buffer.concat([header, data]);
};

/** One to four bytes, lengths or runs of the payload changed. */
const spoiled = (random: Random, data: Buffer): Buffer => {
  const copy = Buffer.from(data);
  if (copy.length === 0) return copy;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(copy.length);
    switch (random.below(6)) {
      case 0:
        copy[at] = random.below(256);
        break;
      case 1:
        copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 2:
        if (at + 2 <= copy.length) copy.writeUInt16LE(random.pick(lengths) & 0xffff, at);
        break;
      case 3:
        if (at + 4 <= copy.length) copy.writeUInt32LE(random.pick(lengths), at);
        break;
      case 4: {
        // The beginning of a message has its lengths and types: spoil it more often than its text.
        const near = random.below(Math.min(copy.length, 80));
        copy[near] = random.below(256);
        break;
      }
      default:
        copy.fill(random.pick([0, 0xff, 0x80, 0x20]), at, Math.min(copy.length, at + random.below(16)));
    }
  }
  return copy;
};

const shortened = (random: Random, data: Buffer): Buffer => data.subarray(0, random.below(data.length + 1));
const stretched = (random: Random, data: Buffer): Buffer => {
  const at = random.below(data.length + 1);
  const from = random.below(data.length + 1);
  return Buffer.concat([
    data.subarray(0, at),
    data.subarray(from, from + random.below(200)),
    data.subarray(at),
  ]);
};

/** Splits a packet in two at a random place, as another packet size would. */
const split = (random: Random, packet: RawPacket): readonly RawPacket[] => {
  const at = random.below(packet.data.length + 1);
  return [
    { ...packet, status: packet.status & ~1, data: packet.data.subarray(0, at) },
    { ...packet, data: packet.data.subarray(at) },
  ];
};

/**
 * The bytes that a client sends for one case. Login packets are broken in one case of eight only: else little would
 * ever be seen behind them.
 */
export const mutatedConversation = (random: Random, conversations: readonly Conversation[]): Buffer => {
  const packets = [...random.pick(conversations).packets];
  const isAboutLogin = random.chance(0.12);
  const isLogin = ({ type }: RawPacket): boolean => type === 0x10 || type === 0x12;
  const frames: (Buffer | undefined)[] = [];
  for (let times = 1 + random.below(2); times > 0; times--) {
    const places = [...packets.keys()].filter((i) => {
      const packet = packets[i];
      return packet !== undefined && isLogin(packet) === isAboutLogin;
    });
    if (places.length === 0) break;
    const at = random.pick(places);
    const packet = packets[at];
    if (packet === undefined) break;
    switch (random.below(14)) {
      case 0:
        packets[at] = { ...packet, data: shortened(random, packet.data) };
        break;
      case 1:
        packets[at] = { ...packet, data: stretched(random, packet.data) };
        break;
      case 2:
        packets[at] = {
          ...packet,
          type: random.pick([0, 1, 2, 3, 4, 6, 7, 8, 0x0e, 0x10, 0x11, 0x12, 0x16, 0xff]),
        };
        break;
      case 3:
        packets[at] = { ...packet, status: random.below(256) };
        break;
      case 4:
        packets.splice(at, 1);
        break;
      case 5:
        packets.splice(at, 0, packet);
        break;
      case 6: {
        const other = random.pick(random.pick(conversations).packets);
        packets.splice(at, 1, other);
        break;
      }
      case 7:
        frames[at] = framed(
          packet,
          random.pick([0, 7, 8, 9, packet.data.length + 7, packet.data.length + 9, 32_768, 65_535]),
        );
        break;
      case 8:
        packets.splice(at, 1, ...split(random, packet));
        break;
      case 9:
        packets.splice(at, 0, { type: 6, status: 1, data: Buffer.alloc(0) });
        break;
      default:
        packets[at] = { ...packet, data: spoiled(random, packet.data) };
    }
  }
  return Buffer.concat(packets.map((packet, i) => frames[i] ?? framed(packet)));
};

/** Bytes that begin like a packet and then are anything. */
export const noise = (random: Random): Buffer => {
  const bytes = Buffer.from(Array.from({ length: 8 + random.below(600) }, () => random.below(256)));
  if (random.chance(0.7)) {
    bytes[0] = random.pick([1, 3, 6, 7, 0x0e, 0x10, 0x11, 0x12, 0x16]);
    bytes[1] = random.below(4);
    bytes.writeUInt16BE(random.chance(0.7) ? bytes.length : random.below(0x1_0000), 2);
  }
  return bytes;
};
