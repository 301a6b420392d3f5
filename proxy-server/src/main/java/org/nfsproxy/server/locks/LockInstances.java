package org.nfsproxy.server.locks;

import java.net.InetAddress;

/**
 * How several instances serve locks: the one that has an address is the owner of all of them, and
 * the others take their clients' calls to it.
 *
 * @param name what this instance is called
 * @param page where its page is; may be empty
 * @param address the lock address, at one instance at a time
 * @param port where the owner listens for the others, at that address; TCP
 * @param secret what all of them know and nobody else
 * @param records what all of them have in common
 */
public record LockInstances(
    String name,
    String page,
    InetAddress address,
    int port,
    byte[] secret,
    SharedRecords records) {}
