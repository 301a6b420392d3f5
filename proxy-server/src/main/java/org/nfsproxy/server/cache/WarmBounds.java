package org.nfsproxy.server.cache;

/**
 * What warming may take.
 *
 * @param filesMax files and directories that one run looks at
 * @param bytesInFlightMax bytes that are asked for and have not come
 */
public record WarmBounds(int filesMax, long bytesInFlightMax) {}
