package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How NFSv3 locks are served ({@code locks} of the configuration).
 *
 * @param host where lock managers and status monitors call
 * @param port NLM's, TCP and UDP; 0 for any
 * @param nsmPort NSM's, TCP and UDP; 0 for any
 * @param stateDirectory where the journal is
 * @param address where calls to the origin come from; null: where the first connection leaves from
 * @param callbackFrom where calls to clients come from; null: the address that the client reached
 * @param bounds how much it may take
 */
public record LockSettings(
    String host,
    int port,
    int nsmPort,
    Path stateDirectory,
    @Nullable InetAddress address,
    @Nullable InetAddress callbackFrom,
    LockBounds bounds) {}
