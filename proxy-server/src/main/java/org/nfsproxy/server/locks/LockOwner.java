package org.nfsproxy.server.locks;

import java.net.InetAddress;

/**
 * What a row of the table of owners belongs to: 65,536 processes of one client.
 *
 * @param name its caller_name, each byte as one character: it tells clients behind one address
 *     apart
 * @param svidHigh the upper 16 bits of its svids
 */
record LockOwner(InetAddress client, String name, int svidHigh) {}
