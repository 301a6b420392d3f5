package org.nfsproxy.server.locks.listen;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param reached the address of ours that was called; null if nobody can tell
 * @param isConnected whether by TCP, so that the address is more than what a datagram says
 */
public record LockCaller(InetAddress address, @Nullable InetAddress reached, boolean isConnected) {}
