package org.nfsproxy.backend.coordinated.files;

/**
 * {@code nfstime3}, RFC 1813 section 2.5.
 *
 * @param seconds since 1970, unsigned
 * @param nanos 0 to 999,999,999
 */
public record FileTime(int seconds, int nanos) {}
