import { expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';

test.each([
  ['8.8.8.8', 'a public host'],
  ['172.15.255.255', 'just below a private range'],
  ['172.32.0.0', 'just above it'],
  ['100.63.255.255', 'just below the carriers’ range'],
  ['100.128.0.0', 'just above it'],
  ['2606:4700:4700::1111', 'a public host'],
  ['::ffff:8.8.8.8', 'a public IPv4 address in IPv6'],
  ['64:ff9b::808:808', 'the same behind a translator'],
  ['2002:808:808::1', 'the same by 6to4'],
])('%s is public: %s', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['0.0.0.0', 'this host'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'shared by carriers'],
  ['100.100.100.200', 'metadata of Alibaba'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['168.63.129.16', 'platform of Azure'],
  ['169.254.169.254', 'metadata of most clouds'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.192', 'metadata of Oracle'],
  ['192.0.2.1', 'documentation'],
  ['192.168.1.1', 'private'],
  ['198.19.0.1', 'benchmarks'],
  ['203.0.113.9', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'no address'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback in full'],
  ['::127.0.0.1', 'loopback, IPv4-compatible'],
  ['::ffff:127.0.0.1', 'loopback, IPv4-mapped'],
  ['::ffff:7f00:1', 'the same in hex'],
  ['::ffff:169.254.169.254', 'metadata, IPv4-mapped'],
  ['64:ff9b::a9fe:a9fe', 'metadata behind a translator'],
  ['64:ff9b:1::1', 'a local translator'],
  ['2002:7f00:1::', 'loopback by 6to4'],
  ['2001::1', 'Teredo'],
  ['2001:db8::1', 'documentation'],
  ['3fff::1', 'documentation'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'metadata of AWS'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local with its zone'],
  ['ff02::1', 'multicast'],
  ['5f00::1', 'segment routing'],
  ['', 'nothing'],
  ['localhost', 'a name'],
  ['0x7f000001', 'a number that is no address yet'],
])('%s is not: %s', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
