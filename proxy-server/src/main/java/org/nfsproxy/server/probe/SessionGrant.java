package org.nfsproxy.server.probe;

/**
 * What a server grants in CREATE_SESSION when it is asked for much, RFC 8881 section 18.36.
 *
 * @param cachedBytesMax the longest reply that it keeps for a repeated call
 * @param backChannel whether callbacks come over the client's own connection
 * @param persistent whether replies that are kept outlive a restart
 */
record SessionGrant(
    long requestBytesMax,
    long replyBytesMax,
    long cachedBytesMax,
    long operationsMax,
    long slots,
    boolean backChannel,
    boolean persistent) {}
